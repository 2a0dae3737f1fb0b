import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';

const root = join(import.meta.dirname, '../..');
const read = (file: string): string => readFileSync(join(root, file), 'utf8');

test('npm run test:long runs each test that leaves something to it', () => {
  const { scripts } = z
    .object({ scripts: z.record(z.string(), z.string()) })
    .parse(JSON.parse(read('package.json')));
  const named = (scripts['test:long'] ?? '').split(' ').filter((word) => word.startsWith('test/'));
  const leaving = readdirSync(join(root, 'test'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.test.ts'))
    .map((file) => `test/${file.replaceAll('\\', '/')}`)
    .filter((file) => /from '[./]+\/support\/long\.js'/.test(read(file)));
  expect(leaving.length).toBeGreaterThan(8);
  expect(leaving.filter((file) => !named.some((place) => file.startsWith(place)))).toEqual([]);
});
