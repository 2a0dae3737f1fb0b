import { expect, test } from 'vitest';
import { silentSurroundings } from '../../../core/open/surroundings.js';
import { jobArguments, jobKey } from '../../../lab/sweep/job.js';
import { expand } from '../../../lab/sweep/matrix.js';
import { planJobs } from '../../../lab/sweep/plan.js';

test('a shortened sweep says what it does not get to, and scales where that is asked for', async () => {
  const around = await silentSurroundings({});
  const matrix = {
    presets: ['conditional_v5'],
    profile: 'quick',
    seeds: [1, 2],
    axes: [
      { path: 'dataset', values: ['glyphs'] },
      { path: 'updates', values: [100, 200] },
    ],
    ...{ plugins: [], without: [] },
  };
  const short = expand(matrix, around.library);
  const scaled = expand({ ...matrix, scale: true }, around.library);
  // What ledgers of before hold stays the same job.
  expect(short[0]?.request).not.toHaveProperty('scale');
  const keys = [...short, ...scaled].map(({ request }) => jobKey(request));
  expect(new Set(keys).size).toBe(8);
  const [first] = scaled;
  if (first === undefined) throw new Error('no job');
  expect(jobArguments(first.request)).toContain('--scale');
  const planned = await planJobs([...short, ...scaled], undefined, around);
  // Which data, since others may be meant.
  expect(planned[0]?.data).toBe('glyphs, 60,000 training and 10,000 test examples');
  const said = planned.map(({ unreached }) => unreached.join('\n'));
  expect(said[0]).toContain('loss.content.weight does not get to 100');
  expect(said[0]).toContain('this training ends at 100');
  expect(said.slice(4)).toEqual(['', '', '', '']);
  await expect(
    planJobs(expand({ ...matrix, axes: [], scale: true }, around.library), undefined, around),
  ).rejects.toMatchObject({ code: 'NCN_USAGE_SCALE' });
});
