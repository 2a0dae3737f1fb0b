import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '..');

/** Source files of the repository, tests and what is built or fetched apart. */
function sources(): string[] {
  const apart = new Set(['node_modules', 'dist', 'test', 'runs', 'coverage', '.git', '.cache']);
  return readdirSync(root, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !apart.has(entry.name))
    .flatMap(({ name }) =>
      readdirSync(join(root, name), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile() && /\.ts$/.test(entry.name))
        .map((entry) => join(entry.parentPath, entry.name)),
    );
}

test('errors for people are made in folders named `errors`, and nowhere else', () => {
  const making = sources().filter((file) => /\bnew NcnError\(/.test(readFileSync(file, 'utf8')));
  const isFunctionOfErrors = (file: string): boolean => file.split(sep).includes('errors');
  expect(making.filter(isFunctionOfErrors).length).toBeGreaterThan(10);
  expect(
    making.filter((file) => !isFunctionOfErrors(file)).map((file) => relative(root, file)),
  ).toEqual([]);
});
