import { expect, test } from 'vitest';
import { aboutJobs } from '../../../lab/sweep/about.js';
import { wanted } from './support.js';

const job = (preset: string, data: string, ...unreached: string[]) => ({
  request: wanted(preset).request,
  data,
  unreached,
});

test('data and warnings of jobs are said once, with the presets where they differ', () => {
  expect(aboutJobs([job('a', 'mnist'), job('b', 'mnist')])).toEqual(['  data: mnist']);
  const many = 'abcdefg'.split('').map((name) => job(name, 'glyphs'));
  expect(aboutJobs([job('a', 'mnist'), job('b', 'mnist'), job('a', 'mnist'), ...many])).toEqual([
    '  data: mnist (a, b)',
    '  data: glyphs (7 presets)',
  ]);
  const short = job('a', 'mnist', 'rate does not get there');
  expect(aboutJobs([short, short])).toEqual([
    '  data: mnist',
    '  warning: a: rate does not get there',
    '  --scale beside --updates shortens schedules in the same ratio.',
  ]);
});
