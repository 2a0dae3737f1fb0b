import { expect, test } from 'vitest';
import { shareMachine } from '../../../lab/sweep/sweep.js';
import { combinations, parseAxes, parseAxis, parseSeeds } from '../../../lab/sweep/values.js';
import { PresetLibrary } from '../../../core/experiment/library.js';
import { expand, matchPresets } from '../../../lab/sweep/matrix.js';
import { jobArguments, jobName } from '../../../lab/sweep/job.js';

test('values are separated by commas, but not inside brackets, braces and quotes', () => {
  expect(parseAxis('a.b=0.001,0.01,0.1')).toEqual({ path: 'a.b', values: [0.001, 0.01, 0.1] });
  expect(parseAxis('a=[1,2],{"x":1,"y":2},"p,q",B,null').values).toEqual([
    [1, 2],
    { x: 1, y: 2 },
    'p,q',
    'B',
    null,
  ]);
  const escaped = String.raw`a="C:\\",d,"q\",r",["s\\\"",1],C:\e,f`;
  expect(parseAxis(escaped).values).toEqual(['C:\\', 'd', 'q",r', ['s\\"', 1], 'C:\\e', 'f']);
  expect(() => parseAxis('a=1,,2')).toThrow(/empty value/);
  expect(() => parseAxis('a')).toThrow(/path=value/);
  expect(() => parseAxes(['a=1', 'a=2'])).toThrow(/twice/);
});

test('seeds: a count, a list, a range', () => {
  expect(parseSeeds('3')).toEqual([1, 2, 3]);
  expect(parseSeeds('4,7,7')).toEqual([4, 7]);
  expect(parseSeeds('4..6')).toEqual([4, 5, 6]);
  for (const bad of ['', '0', '-1', '1.5', '6..4', 'all', '99999999']) {
    expect(() => parseSeeds(bad), bad).toThrow(/which seeds/);
  }
});

test('a matrix is every preset with every combination, seeds slowest', async () => {
  const library = await PresetLibrary.load();
  const jobs = expand(
    {
      presets: ['dcgans_v[12]', 'resConvNet_v1_dcnn'],
      seeds: [5, 6],
      axes: parseAxes(['updates=4', 'loss.content.weight=1,2']),
      plugins: [],
      without: [],
    },
    library,
  );
  expect(jobs.map(({ request: { preset, seed, set } }) => [seed, preset, set[1]?.[1]])).toEqual(
    [5, 6].flatMap((seed) =>
      ['dcgans_v1', 'dcgans_v2', 'dcnn_v1'].flatMap((preset) =>
        [1, 2].map((weight) => [seed, preset, weight]),
      ),
    ),
  );
  const [first] = jobs;
  if (first === undefined) throw new Error('no job');
  expect(jobName(1, first.request, first.varied)).toBe('0001-dcgans_v1-5-weight=1');
  // A configuration file where it is started has no part in it.
  expect(jobArguments(first.request)).toEqual(
    '--preset dcgans_v1 --seed 5 --set updates=4 --set loss.content.weight=1 --config-json {}'.split(
      ' ',
    ),
  );
  expect(() => matchPresets(['dcgans_v9'], library)).toThrow(/No preset matches/);
  // picomatch has limits of its own
  for (const long of ['a'.repeat(100_000), '\\('.repeat(20_000)]) {
    expect(() => matchPresets([long], library)).toThrow(/No preset matches '.{100}…'/);
  }
  expect(combinations([])).toEqual([[]]);
});

test('cores are shared equally; each device gets one job', () => {
  expect(shareMachine({}, 8)).toEqual({ slots: 8, threads: 1, devices: [] });
  expect(shareMachine({ jobs: 3 }, 8)).toEqual({ slots: 3, threads: 2, devices: [] });
  expect(shareMachine({ jobs: 16 }, 8)).toEqual({ slots: 16, threads: 1, devices: [] });
  expect(shareMachine({ devices: ['0', '1', '2', '3'] }, 16)).toEqual({
    slots: 4,
    threads: 4,
    devices: ['0', '1', '2', '3'],
  });
});
