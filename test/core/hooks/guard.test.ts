import { expect, test } from 'vitest';
import { NcnError } from '../../../core/errors/error.js';
import { Hook } from '../../../core/hooks/hook.js';
import { settings } from './support.js';

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

test('a tap that rejects stops the ones after it', async () => {
  const hook = new Hook<string[]>('updateEnd', 'run', '', settings());
  hook.tap('a', (log) => void log.push('a'));
  hook.tap('b', () => Promise.reject(new Error('no')));
  hook.tap('c', (log) => void log.push('c'));
  hook.seal(new Set(['a', 'b', 'c']));
  const log: string[] = [];
  await expect(hook.call(log)).rejects.toThrow("Plugin 'b' failed in hook 'updateEnd': no");
  expect(log).toEqual(['a']);
});

test('a tap that never finishes is named after its budget', async () => {
  const hook = new Hook<number>('runEnd', 'run', '', settings());
  hook.tap('slow', () => new Promise<void>(() => undefined));
  hook.seal(new Set(['slow']));
  await expect(hook.call(1)).rejects.toThrow(/'slow' did not finish hook 'runEnd' within 0.05 s/);
});

test('a budget that no timer can hold is a long one', async () => {
  const hook = new Hook<number>('runEnd', 'run', '', { ...settings(), timeoutSeconds: 1e9 });
  hook.tap('slow', () => new Promise<void>((done) => setTimeout(done, 50)));
  hook.seal(new Set(['slow']));
  await expect(hook.call(1)).resolves.toBeUndefined();
});

test('settings count as they are when a tap runs, not as they were when it was made', async () => {
  const shared = settings();
  const hook = new Hook<number>('runEnd', 'run', '', shared);
  hook.tap('slow', () => new Promise<void>(() => undefined));
  hook.seal(new Set(['slow']));
  shared.timeoutSeconds = 0.02;
  await expect(hook.call(1)).rejects.toThrow(/within 0.02 s/);
});

test('taps run one after the other, in order; their time is accounted for and traced', async () => {
  const shared = settings();
  const traced: string[] = [];
  shared.trace = (hook, plugin, took) => traced.push(`${hook} ${plugin} ${took >= 0}`);
  const hook = new Hook<string[]>('losses', 'build', '', shared);
  hook.tap('b', async (log) => {
    await Promise.resolve();
    log.push(`b, running ${String(shared.running)}`);
  });
  hook.tap('a', (log) => void log.push(`a, running ${String(shared.running)}`), { stage: 'last' });
  hook.seal(new Set(['a', 'b']));
  const log: string[] = [];
  await hook.call(log);
  expect(log).toEqual(['b, running b', 'a, running a']);
  expect(shared.running).toBeUndefined();
  expect([...shared.account.keys()]).toEqual(['b', 'a']);
  expect(traced).toEqual(['losses b true', 'losses a true']);
});

test('what a tap returns beside a promise is ignored', async () => {
  const hook = new Hook<string[]>('losses', 'build', '', settings());
  hook.tap('a', (log) => log.push('a') as never);
  hook.seal(new Set(['a']));
  const log: string[] = [];
  await expect(hook.call(log)).resolves.toBeUndefined();
  expect(log).toEqual(['a']);
});

test('tapping after setup is refused', () => {
  const hook = new Hook<number>('losses', 'build', '', settings());
  hook.seal(new Set());
  expect(() => hook.tap('late', () => undefined)).toThrow(/only during setup/);
});
