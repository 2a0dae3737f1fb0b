import { expect, test } from 'vitest';
import { Hook } from '../../../core/hooks/hook.js';
import { orderTaps, type Ordered, type TapOrder } from '../../../core/hooks/order.js';
import { NcnError } from '../../../core/errors/error.js';

const tap = (plugin: string, order: TapOrder = {}): Ordered => ({ plugin, order });
const names = (taps: readonly Ordered[]) => taps.map((t) => t.plugin);
const all = new Set(['a', 'b', 'c', 'd']);

test('taps run by stage, then as registered', () => {
  const taps = [tap('a', { stage: 'late' }), tap('b'), tap('c', { stage: 'first' }), tap('d')];
  expect(names(orderTaps('h', taps, all))).toEqual(['c', 'b', 'd', 'a']);
});

test('before and after win over registration and stage', () => {
  const taps = [tap('a', { after: 'c' }), tap('b', { stage: 'late', before: 'a' }), tap('c')];
  expect(names(orderTaps('h', taps, all))).toEqual(['c', 'b', 'a']);
});

test('an unknown plugin in before or after is an error with the nearest name', () => {
  const order = () =>
    orderTaps('h', [tap('a', { before: 'checkpoint' })], new Set(['a', 'checkpoints']));
  expect(order).toThrow(/before 'checkpoint' in hook 'h'/);
  try {
    order();
  } catch (error) {
    expect(error).toBeInstanceOf(NcnError);
    expect(error instanceof NcnError && error.hint).toContain("'checkpoints'");
  }
});

test('a circle is an error that names those in it', () => {
  const taps = [tap('a', { before: 'b' }), tap('b', { before: 'a' })];
  expect(() => orderTaps('h', taps, all)).toThrow(/circle between: a, b/);
});

const settings = () => ({ timeoutSeconds: 0.05, account: new Map<string, number>() });

test('an error in a tap names plugin and hook and keeps its cause', async () => {
  const hook = new Hook<number>('updateEnd', 'run', '', settings());
  const cause = new TypeError('boom');
  hook.tap('mine', () => {
    throw cause;
  });
  hook.seal(new Set(['mine']));
  const error = await hook.call(1).catch((e: unknown) => e);
  expect(error).toBeInstanceOf(NcnError);
  expect(error instanceof Error && error.message).toBe(
    "Plugin 'mine' failed in hook 'updateEnd': boom",
  );
  expect(error instanceof Error && error.cause).toBe(cause);
});

test('a tap that never finishes is named after its budget', async () => {
  const hook = new Hook<number>('runEnd', 'run', '', settings());
  hook.tap('slow', () => new Promise<void>(() => undefined));
  hook.seal(new Set(['slow']));
  await expect(hook.call(1)).rejects.toThrow(/'slow' did not finish hook 'runEnd' within 0.05 s/);
});

test('taps run one after the other, in order, and their time is accounted for', async () => {
  const shared = settings();
  const hook = new Hook<string[]>('losses', 'build', '', shared);
  hook.tap('b', async (log) => {
    await Promise.resolve();
    log.push('b');
  });
  hook.tap('a', (log) => void log.push('a'), { stage: 'last' });
  hook.seal(new Set(['a', 'b']));
  const log: string[] = [];
  await hook.call(log);
  expect(log).toEqual(['b', 'a']);
  expect([...shared.account.keys()]).toEqual(['b', 'a']);
});

test('tapping after setup is refused', () => {
  const hook = new Hook<number>('losses', 'build', '', settings());
  hook.seal(new Set());
  expect(() => hook.tap('late', () => undefined)).toThrow(/only during setup/);
});
