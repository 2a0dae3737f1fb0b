import { expect, test } from 'vitest';
import { asDeclared, showResult } from '../../cli/methods.js';
import type { KnownMetric } from '../../core/run/known-metric.js';

const metric = (name: string, more: Partial<KnownMetric> = {}): KnownMetric => ({
  ...{ name, label: name, unit: null, better: null, format: 'number', headline: false },
  ...{ primary: false, range: null, group: null, beside: null, kinds: null },
  ...more,
});
const declared = [
  metric('content'),
  metric('psnr', { unit: 'dB' }),
  metric('collapseRate', { format: 'percent' }),
];

test('results are shown as their metrics were declared', () => {
  expect(showResult('test/collapseRate', 0.5955, declared)).toBe('59.6 %');
  expect(showResult('test/batch/psnr', 20, declared)).toMatch(/^20\.0+ dB$/);
  expect(showResult('judges/fooled', 0.25, declared)).toBe('0.2500');
  expect(showResult('bestUpdate', 1200, declared)).toBe('1200');
  expect(showResult('test/collapseRate', NaN, declared)).toBe('NaN');
});

test('results come in the order of declaration, though a run that is resumed has them sorted', () => {
  const results = ['black', 'test/batch/content', 'test/collapseRate', 'test/content', 'test/psnr'];
  const names = asDeclared(
    results.map((name) => [name, 0] as const),
    declared,
  ).map(([name]) => name);
  expect(names).toEqual([
    ...['test/batch/content', 'test/content', 'test/psnr', 'test/collapseRate', 'black'],
  ]);
});
