import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { start, temporary } from './support.js';

const coverage = z.object({ result: z.array(z.object({ url: z.string() })) });

/** The parts of the package that a command loads. */
async function partsOf(...args: string[]): Promise<string[]> {
  const folder = temporary();
  await start(args, { NODE_V8_COVERAGE: folder }).finished;
  const urls = readdirSync(folder).flatMap((file) =>
    coverage
      .parse(JSON.parse(readFileSync(join(folder, file), 'utf8')))
      .result.map(({ url }) => url),
  );
  return urls.filter((url) => url.includes('/dist/bundle/')).map((url) => basename(url));
}

test('help loads nothing but what the command line needs, a preset list no engine', async () => {
  const help = await partsOf('--help');
  expect(help.length).toBeGreaterThan(0);
  expect(help.filter((name) => !/(^|-)(command|first)\b|rolldown-runtime/.test(name))).toEqual([]);
  const presets = await partsOf('presets');
  expect(presets.length).toBeGreaterThan(help.length);
  expect(presets.filter((name) => /^(rest|start-rest|engine.*|sounds.*)[.]js$/.test(name))).toEqual(
    [],
  );
});
