import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { kernelsPage } from '../../../bench/kernels.js';

test('the page of kernels is current (npm run kernels)', () => {
  expect(readFileSync('docs/kernels.md', 'utf8')).toBe(kernelsPage());
});
