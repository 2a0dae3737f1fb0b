import { expect, test } from 'vitest';
import { describeMetric, type KnownMetric } from '../../../core/evaluation/metric.js';
import { titleOf } from '../../../lab/report/metric-title.js';
import { bestOf, DeclaredMetrics, hasBatch } from '../../../lab/report/metrics.js';

const known = (name: string, more: Partial<KnownMetric> = {}): KnownMetric => ({
  ...describeMetric({ name, better: 'higher' }),
  ...more,
});

test('metrics come in the order of their declaration, others last and without a direction', () => {
  const metrics = new DeclaredMetrics([
    { run: 'a', metrics: [known('z', { label: 'Zed', unit: 'dB' }), known('a')] },
  ]);
  const sorted = metrics.sorted(['y', 'b', 'batch/a', 'a', 'batch/z', 'batch/c/d']);
  expect(sorted.map(({ name }) => name)).toEqual(['z', 'a', 'b', 'c/d', 'y']);
  expect(sorted[0]).toMatchObject({ label: 'Zed', better: 'higher' });
  expect(sorted[2]).toEqual({
    ...{ name: 'b', label: 'b', unit: null, better: null, format: 'number' },
    ...{ headline: false, range: null },
  });
  expect(sorted.slice(0, 2).map(titleOf)).toEqual(['Zed (dB)', 'a']);
  expect([hasBatch(['a']), hasBatch(['a', 'batch/a'])]).toEqual([false, true]);
});

test('the primary metric is the one that says so, else the first', () => {
  const two = [known('one'), known('two')];
  expect(new DeclaredMetrics([{ run: 'a', metrics: two }]).primary?.name).toBe('one');
  const said = [known('one'), known('two', { primary: true })];
  expect(new DeclaredMetrics([{ run: 'a', metrics: said }]).primary?.name).toBe('two');
  expect(new DeclaredMetrics([]).primary).toBeUndefined();
});

test('the first declaration counts, and others are told', () => {
  const metrics = new DeclaredMetrics([
    { run: 'first', metrics: [known('gain', { unit: 'dB' }), known('same')] },
    { run: 'second', metrics: [known('same'), known('gain', { better: 'lower' }), known('new')] },
    { run: 'third', metrics: [known('gain', { unit: 'dB', label: 'Gain' })] },
  ]);
  expect(metrics.of('gain')).toMatchObject({ unit: 'dB', better: 'higher', label: 'gain' });
  expect(metrics.all.map(({ name }) => name)).toEqual(['gain', 'same', 'new']);
  expect(metrics.problems).toEqual([
    "The metric 'gain' is declared otherwise (unit, better, label) in second, third: what first says of it counts.",
  ]);
});

test('the best is the highest, the lowest or none, as the metric says', () => {
  expect(bestOf({ better: 'lower' }, [3, null, 1, NaN, 1])).toEqual([2, 4]);
  expect(bestOf({ better: 'higher' }, [3, null, 1, NaN])).toEqual([0]);
  expect(bestOf({ better: null }, [3, 1])).toEqual([]);
  expect(bestOf({ better: 'lower' }, [2, 2])).toEqual([]);
  expect(bestOf({ better: 'lower' }, [2, null])).toEqual([]);
});
