import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { expect, test } from 'vitest';

const core = join(import.meta.dirname, '../../../../core');
const home = join(core, 'engine/compiled');

/** All that the compiled engine may know of the rest, so that it can be used by itself. */
const allowed = /^(engine\/compiled\/|engine\/types\.js$|errors\/|contributors\/)/;

test('the compiled engine imports the contract of engines, errors, contributors, and itself', () => {
  const files = readdirSync(home, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.ts'),
  );
  const foreign = files.flatMap((file) => {
    const path = join(home, file);
    const specs = [...readFileSync(path, 'utf8').matchAll(/(?:from|import) '(\.[^']+)'/g)];
    return specs
      .map(([, spec = '']) => relative(core, resolve(dirname(path), spec)).replaceAll(sep, '/'))
      .filter((to) => !allowed.test(to))
      .map((to) => `${file} → ${to}`);
  });
  expect(files.length).toBeGreaterThan(50);
  expect(foreign).toEqual([]);
});
