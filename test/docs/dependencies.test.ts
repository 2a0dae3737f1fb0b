import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';

const root = join(import.meta.dirname, '../..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const text = read('docs/dependencies.md');

const about = z
  .object({
    dependencies: z.record(z.string(), z.string()),
    optionalDependencies: z.record(z.string(), z.string()),
  })
  .parse(JSON.parse(read('package.json')));

const lock = z
  .object({
    packages: z.record(
      z.string(),
      z.object({
        license: z.string().optional(),
        dev: z.boolean().optional(),
        peer: z.boolean().optional(),
        hasInstallScript: z.boolean().optional(),
      }),
    ),
  })
  .parse(JSON.parse(read('package-lock.json')));

test('docs/dependencies.md lists what npm install brings, with the licence of each', () => {
  const rows = new Map(
    [...text.matchAll(/^\| `([^`]+)` +\| (.+?) +\| (.+?) +\|$/gm)].map(([, name = '', licence]) => [
      name,
      licence,
    ]),
  );
  const ofThisPlatform = /-linux-x64$/;
  const wanted = [
    ...Object.keys(about.dependencies),
    ...Object.keys(about.optionalDependencies).filter((name) => ofThisPlatform.test(name)),
  ];
  const licences = wanted.map((name) => [name, lock.packages[`node_modules/${name}`]?.license]);
  expect(Object.fromEntries(rows)).toEqual(Object.fromEntries(licences));
});

test('nothing that is installed with ncn runs a script', () => {
  const scripts = Object.entries(lock.packages).filter(
    ([, found]) => found.hasInstallScript === true && found.dev !== true && found.peer !== true,
  );
  expect(scripts.map(([name]) => name)).toEqual([]);
});

const library = join(root, 'node_modules/sherpa-onnx-linux-x64/libonnxruntime.so');

if (!existsSync(library)) console.log(`There is no ${library}: its hash is not compared.`);
test.skipIf(!existsSync(library))('the native library is the one that is documented', () => {
  const hash = createHash('sha256').update(readFileSync(library)).digest('hex');
  expect(text).toContain(hash);
});
