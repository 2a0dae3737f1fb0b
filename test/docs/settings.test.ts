import { expect, test } from 'vitest';
import { coreOptions } from '../../core/experiment/core-options.js';
import { markdownIn, read } from './documents.js';

const named = new Set([
  ...Object.keys(coreOptions.shape),
  ...markdownIn('docs/reference/plugins').flatMap((path) =>
    [...read(path).matchAll(/^\| `([^`]+)`/gm)].map(([, name]) => name ?? ''),
  ),
]);
/** What stands for any, and what a plugin brings that the document itself writes. */
const elsewhere = /^(path|NAME\.OPTION|edge-loss\.|loss\.brightness\.)/;

const used = ['README.md', ...markdownIn('docs')].flatMap((path) =>
  [...read(path).matchAll(/--set ["']?([A-Za-z][\w.-]*)[=\]]/g)].map(
    ([, name = '']) => [path, name] as const,
  ),
);

test('every value that a command of the documents sets is one that there is', () => {
  expect(used.length).toBeGreaterThan(10);
  const known = (name: string): boolean =>
    // Objects take paths into them.
    name.split('.').some((_, end, parts) => named.has(parts.slice(0, end + 1).join('.')));
  const unknown = used.filter(([, name]) => !elsewhere.test(name) && !known(name));
  expect(unknown).toEqual([]);
});
