import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { packagePresets } from '../../../core/experiment/preset-index.js';

const built = join(import.meta.dirname, '../../../dist/presets/index.json');

if (!existsSync(built)) console.log(`There is no ${built}: 'npm run build' first.`);
test.skipIf(!existsSync(built))('the built index says what the files of presets say', async () => {
  const index: unknown = JSON.parse(readFileSync(built, 'utf8'));
  const { presets, profiles } = await packagePresets();
  expect(presets.length).toBeGreaterThan(17);
  expect(index).toMatchObject(JSON.parse(JSON.stringify({ presets, profiles })) as object);
});
