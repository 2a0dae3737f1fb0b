import { expect, test } from 'vitest';
import { generatedPages } from '../../docs/build/pages.js';
import { markdownIn, read } from './documents.js';

const pages = await generatedPages();

test.each([...pages])('%s is what the source says (if not: npm run docs)', (path, text) => {
  expect(read(path)).toBe(text);
});

test('no page is left of what is gone (if one is: npm run docs)', () => {
  const present = markdownIn('docs/reference');
  expect(present.sort()).toEqual([...pages.keys()].filter((p) => p.startsWith('docs')).sort());
});
