import { expect, test } from 'vitest';
import { comparisonModel } from '../../../lab/report/comparison.js';
import type { RunData } from '../../../lab/report/run-data.js';
import { asDataUrl } from '../../../lab/report/samples.js';
import { meanInterval } from '../../../lab/stats/interval.js';
import { pairedTest } from '../../../lab/stats/paired.js';
import { synthetic } from './support.js';

/** Gives a run another value of its configuration, and other values of its images. */
function altered(data: RunData, shift: number): RunData {
  const [first] = data.config?.values ?? [];
  if (first !== undefined) first.value = 'another';
  for (const values of data.testImages?.values.values() ?? []) {
    values.forEach((v, i) => (values[i] = v + shift * ((i % 5) + 1)));
  }
  return data;
}

const compare = (runs: readonly RunData[]) => comparisonModel(runs, asDataUrl, 0);

test('seeds of one experiment form a group; its means have intervals', async () => {
  const runs = await Promise.all([1, 2, 3].map((seed) => synthetic({ seed })));
  const { groups, differences, metrics, paired } = await compare(runs);
  expect(groups).toMatchObject([{ label: 'synthetic', runs: [0, 1, 2] }]);
  expect(differences).toEqual([]);
  expect(paired).toEqual([]);
  const values = runs.map(
    ({ series }) => series.evaluations.get('test')?.get('psnr')?.at(-1)?.[1] ?? NaN,
  );
  const { n, mean, interval } = meanInterval(values);
  const row = metrics.find(({ metric, mode }) => metric === 'psnr' && mode === 'moving');
  expect(row).toMatchObject({ better: 'higher', groups: [{ n, mean, interval }] });
  expect(metrics.filter((r) => r.groups.every((group) => group === null))).toEqual([]);
});

test('experiments are told apart by what differs, and paired image by image', async () => {
  const before = [await synthetic({ seed: 1 }), await synthetic({ seed: 2 })];
  const after = [
    altered(await synthetic({ seed: 1 }), 0.1),
    altered(await synthetic({ seed: 2 }), 0.2),
  ];
  const { groups, differences, paired } = await compare([...before, ...after]);
  expect(groups.map(({ runs }) => runs)).toEqual([
    [0, 1],
    [2, 3],
  ]);
  expect(groups[1]?.label).toBe('synthetic, updates "another"');
  expect(differences).toMatchObject([{ path: 'updates', values: ['40', '"another"'] }]);
  const row = paired.find(({ metric, mode }) => metric === 'content' && mode === 'moving');
  const expected = pairedTest(Array.from({ length: 30 }, (_, i) => 0.15 * ((i % 5) + 1)));
  expect(row).toMatchObject({ seeds: [1, 2], images: 30 });
  expect(row?.difference).toBeCloseTo(expected.difference.mean, 6);
  expect(row?.interval?.[0]).toBeCloseTo(expected.difference.interval?.[0] ?? NaN, 6);
  expect(row?.effect).toBeCloseTo(expected.effect ?? NaN, 4);
  expect(row?.adjustedP).toBeGreaterThanOrEqual(row?.wilcoxonP ?? NaN);
});

test('without common images there is no test, and the page says why', async () => {
  const other = altered(await synthetic({ seed: 2 }), 0.1);
  const { paired, pairedNotes } = await compare([await synthetic({ seed: 1 }), other]);
  expect(paired).toEqual([]);
  expect(pairedNotes.join()).toContain('no test images in common');
});
