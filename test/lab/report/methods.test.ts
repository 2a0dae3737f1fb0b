import { expect, test } from 'vitest';
import { describeMetric, type Metric } from '../../../core/evaluation/metric.js';
import { formatInterval } from '../../../lab/report/interval.js';
import { methodRows, methodsOf } from '../../../lab/report/methods.js';
import { meanInterval } from '../../../lab/stats/interval.js';

const about = { update: 7, seed: 1, dataset: 'd' };
const metric = (name: string, more: Partial<Metric> = {}) =>
  describeMetric({ name, better: null, value: () => 0, ...more });

const declared = [
  metric('sdr', { label: 'SDR', unit: 'dB', better: 'higher' }),
  metric('sdrOld', { beside: { metric: 'sdr', method: 'the old way' } }),
  metric('lost', { beside: { metric: 'sdr', method: 'not measured' } }),
  metric('ratio', { kinds: { bounds: [0], names: ['quiet', 'loud'] } }),
];

const values = new Map([
  ['sdr', Float32Array.of(10, 12, 14, 20)],
  ['batch/sdr', Float32Array.of(9, 11, 13, NaN)],
  ['sdrOld', Float32Array.of(8, 9, 10, 11)],
  ['ratio', Float32Array.of(-5, -1, 0, NaN)],
]);

test('the network stands beside other methods, on all examples and on each kind', () => {
  const model = methodsOf({ values, about }, declared);
  expect(model?.metrics.map(({ name }) => name)).toEqual(['sdr']);
  const [all, quiet, loud] = model?.kinds ?? [];
  expect(all).toMatchObject({ name: 'all examples', count: 4 });
  expect(all?.rows.map(({ method }) => method)).toEqual([
    ...['the network', 'the network, batch statistics', 'the old way'],
  ]);
  expect(all?.rows[0]?.values[0]?.interval).toEqual(meanInterval([10, 12, 14, 20]).interval);
  expect(all?.rows[0]?.leads).toEqual([null]);
  // Example by example, not a difference of intervals; what is not there is left out.
  const lead = meanInterval([2, 3, 4, 9]);
  expect(all?.rows[2]?.leads[0]).toEqual({ n: 4, mean: lead.mean, interval: lead.interval });
  expect(all?.rows[1]?.values[0]).toMatchObject({ n: 3, mean: 11 });
  // A value at a bound belongs to the kind above; an example without a value to none.
  expect(quiet).toMatchObject({ name: 'quiet', count: 2 });
  expect(loud).toMatchObject({ name: 'loud', count: 1 });
  expect(loud?.rows[2]?.values[0]).toMatchObject({ mean: 10, interval: null });
  const { head, rows } = methodRows(model ?? { update: 0, metrics: [], kinds: [] });
  expect(head.at(-1)).toBe('SDR (dB)');
  expect(rows.at(-1)).toEqual(['', 'the old way', '10.0']);
  expect(rows[0]?.slice(0, 2)).toEqual(['all examples (4)', 'the network']);
});

test('without another method there is no table', () => {
  expect(methodsOf({ values, about }, declared.slice(0, 1))).toBeUndefined();
  expect(methodsOf({ values: new Map(), about }, declared)).toBeUndefined();
});

test('an interval shows two digits of its width', () => {
  const of = (mean: number, half: number) =>
    formatInterval({ n: 9, mean, interval: [mean - half, mean + half] }, '+');
  expect([of(12.345, 1.23), of(-0.5, 0.123), of(0.81234, 0.0123)]).toEqual([
    ...['+12.3 ± 1.2', '−0.50 ± 0.12', '+0.812 ± 0.012'],
  ]);
});
