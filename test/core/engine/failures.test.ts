import { expect, test } from 'vitest';
import { withFailuresTold } from '../../../core/engine/failures.js';
import type { EngineSession, Program } from '../../../core/engine/types.js';
import { contributionThrew } from '../../../core/errors/contribution.js';
import { NcnError } from '../../../core/errors/error.js';
import { pluginThrew } from '../../../core/errors/plugin.js';
import { openEngine } from '../../../engines/registry.js';

const program: Program = {
  name: 'main',
  body: () => ({ state: new Map(), outputs: new Map() }),
};

/** A session whose every run throws this. */
function failing(thrown: unknown): EngineSession {
  const fail = (): Promise<never> => {
    throw thrown;
  };
  return {
    engine: { name: 'broken', version: '1', device: 'none' },
    ...{ write: fail, read: fail, prepare: fail, run: fail },
    close: () => Promise.resolve(),
  };
}

test.each([
  [new Error('the device went away'), /'broken' failed to run program 'main': the device went/],
  [undefined, /failed to run program 'main': undefined was thrown/],
  [
    new NcnError('Plugin', {
      ...{ code: 'NCN_PLUGIN_THREW', exit: 4 },
      cause: new RangeError('Array buffer allocation failed'),
    }),
    /found no memory to run program 'main'/,
  ],
])('what an engine throws is its own failure (%s)', async (thrown, message) => {
  const run = withFailuresTold(failing(thrown)).run(program, new Map(), new Map());
  await expect(run).rejects.toMatchObject({
    ...{ code: 'NCN_ENGINE_FAILED', exit: 5 },
    message: expect.stringMatching(message) as unknown,
  });
});

test.each([
  Object.assign(new Error(''), { name: 'AbortError' }),
  new Error('failed to copy', { cause: new Error('status value: 4, message: [Device] is lost.') }),
  new Error('VK_ERROR_DEVICE_LOST: device lost'),
])('a device that is lost is called that, in whose name ever it was met (%s)', async (thrown) => {
  const error: unknown = await withFailuresTold(failing(thrown))
    .read()
    .catch((caught: unknown) => caught);
  expect(error).toMatchObject({ code: 'NCN_ENGINE_LOST', exit: 5, cause: thrown });
  expect(error).toHaveProperty(
    'message',
    "Engine 'broken' lost its device, and failed to give its state.",
  );
  expect(pluginThrew('guard', 'updateEnd', error)).toBe(error);
  expect(contributionThrew('evaluation', 'evaluation', error)).toBe(error);
});

test('an error for people stays as it is', async () => {
  const known = new NcnError('known', { code: 'NCN_PLUGIN_THREW', exit: 4 });
  await expect(withFailuresTold(failing(known)).read()).rejects.toBe(known);
});

test('what a session can do beside running, it can do still', async () => {
  const session = await openEngine('compiled');
  try {
    const told = withFailuresTold(session);
    for (const name of ['validate', 'describe', 'memory'] as const) {
      expect(Reflect.get(session, name), name).toBeTypeOf('function');
      expect(Reflect.get(told, name), name).toBeTypeOf('function');
    }
  } finally {
    await session.close();
  }
});
