import { AsyncSeriesHook } from 'tapable';
import { expect, test } from 'vitest';
import { NcnError } from '../../../core/errors/error.js';
import { hookOf, orderOf } from './support.js';

/** What tapable itself does, so that a version that does otherwise is noticed. */
function tapable(taps: readonly { name: string; stage?: number; before?: string }[]): string[] {
  const hook = new AsyncSeriesHook<[string]>(['payload']);
  for (const tap of taps) hook.tap({ ...tap }, () => undefined);
  return hook.taps.map(({ name }) => name);
}

test('an unknown name in `before` puts a tapable tap first; a hook refuses it', () => {
  expect(tapable([{ name: 'a' }, { name: 'b' }, { name: 'c', before: 'nobody' }])).toEqual([
    ...['c', 'a', 'b'],
  ]);
  expect(() => hookOf([['a'], ['b'], ['c', { before: 'nobody' }]])).toThrow(NcnError);
});

test('a plugin that taps nothing here puts a tapable tap first; in a hook it makes no difference', async () => {
  expect(tapable([{ name: 'a' }, { name: 'c', stage: 1, before: 'quiet' }])).toEqual(['c', 'a']);
  expect(
    await orderOf([['a'], ['c', { stage: 'late', before: 'quiet' }]], ['a', 'c', 'quiet']),
  ).toEqual(['a', 'c']);
});

test('`before` beats the stage, in tapable and in a hook, but never another demand', async () => {
  expect(tapable([{ name: 'a' }, { name: 'b', stage: 1, before: 'a' }])).toEqual(['b', 'a']);
  expect(await orderOf([['a'], ['b', { stage: 'late', before: 'a' }]])).toEqual(['b', 'a']);
  // tapable would put b first by its stage, or before c by its demand, but not after a.
  expect(
    await orderOf([
      ['a', { stage: 'last' }],
      ['b', { stage: 'first', after: 'a', before: 'c' }],
      ['c', { stage: 'first' }],
    ]),
  ).toEqual(['a', 'b', 'c']);
});

test('tapable has no `after` and ignores it in silence; a hook has one', async () => {
  const asks = { name: 'a', after: 'b' };
  expect(tapable([asks, { name: 'b' }])).toEqual(['a', 'b']);
  expect(await orderOf([['a', { after: 'b' }], ['b']])).toEqual(['b', 'a']);
});

test('a name given twice means the last of its taps to tapable; to a hook it means all', async () => {
  expect(tapable([{ name: 'a' }, { name: 'a' }, { name: 'b', before: 'a' }])).toEqual([
    ...['a', 'b', 'a'],
  ]);
  expect(await orderOf([['a'], ['a'], ['b', { before: 'a' }]])).toEqual(['b', 'a', 'a/2']);
  expect(hookOf([['a'], ['a'], ['a']])['dispatch'].taps.map(({ name }) => name)).toEqual([
    ...['a 1', 'a 2', 'a 3'],
  ]);
});

test('tapable does not move a tap once its target comes; in a hook the order of tapping does not matter', async () => {
  expect(tapable([{ name: 'b', before: 'a', stage: 1 }, { name: 'a' }])).toEqual(['a', 'b']);
  expect(await orderOf([['b', { before: 'a', stage: 'late' }], ['a']])).toEqual(['b', 'a']);
});

test('tapable takes taps after it was called and cannot take one back; a hook is sealed', async () => {
  const raw = new AsyncSeriesHook<[string[]]>(['log']);
  raw.tap('a', (log) => void log.push('a'));
  await raw.promise([]);
  raw.tap('b', (log) => void log.push('b'));
  const log: string[] = [];
  await raw.promise(log);
  expect(log).toEqual(['a', 'b']);
  expect('untap' in raw).toBe(false);
  const hook = hookOf([['a']]);
  expect(() => hook.tap('b', () => undefined)).toThrow(/only during setup/);
});
