import { expect, test } from 'vitest';
import { Verdicts } from '../../../lab/sweep/verdict.js';

const stopped = { exit: 143, signal: null };

test('a job that is stopped again and again, and not by the sweep, is given up', () => {
  const verdicts = new Verdicts();
  const judge = (update: number, asked = false) => verdicts.of(1, stopped, { update }, asked);
  expect(judge(0)).toEqual({
    kind: 'interrupted',
    reason: 'stopped from outside at update 0',
  });
  // Progress, and what the sweep itself asked for, count nothing.
  expect(judge(4).kind).toBe('interrupted');
  expect(judge(4).kind).toBe('interrupted');
  expect(judge(4, true)).toEqual({ kind: 'interrupted', reason: 'stopped at update 4' });
  expect(judge(4)).toEqual({
    kind: 'failed',
    reason: 'stopped from outside 3 times at update 4',
  });
});

test('only what may be a lack of memory is called so', () => {
  const verdicts = new Verdicts();
  const early = { exit: 7, signal: null };
  const output = { update: 2, code: 'NCN_RUN_IN_USE' };
  for (const number of [1, 2]) verdicts.of(number, early, output, false);
  verdicts.of(1, early, output, false);
  expect(verdicts.of(1, early, output, false).reason).toBe(
    'its run was in use 3 times at update 2',
  );
  const killed = { exit: null, signal: 'SIGKILL' };
  verdicts.of(3, killed, output, false);
  verdicts.of(3, killed, output, false);
  expect(verdicts.of(3, killed, output, false).reason).toBe(
    'killed by SIGKILL 3 times at update 2; out of memory, perhaps',
  );
});
