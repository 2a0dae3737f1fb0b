import { expect, test } from 'vitest';
import { z, type Persistence } from '../../../core/index.js';
import { restorePlugins } from '../../../core/trainer/loop/checkpointing.js';
import { prepareTiny } from '../../../lab/testing/prepare.js';
import { pluginOf } from '../../support/plugin.js';

/** A plugin with this state, set up. */
async function persisting<S>(
  part: Pick<Persistence<S>, 'schema' | 'save'> & Partial<Persistence<S>>,
  name = 'test',
) {
  const plugin = pluginOf(({ persist }) => {
    persist({ restore: () => undefined, ...part });
  }, name);
  const prepared = await prepareTiny({ plugins: [plugin] });
  const save = (): unknown => prepared.persistences.get(name)?.save();
  return { prepared, save };
}

const boom = (): never => {
  throw new Error('boom');
};

test('what save and restore throw names the plugin', async () => {
  const saving = await persisting({ schema: z.number(), save: boom });
  expect(saving.save).toThrow("Plugin 'test' failed in hook 'save': boom");
  const restoring = await persisting({ schema: z.number(), save: () => 1, restore: boom });
  await expect(restorePlugins(restoring.prepared, 3, { test: 1 })).rejects.toMatchObject({
    code: 'NCN_PLUGIN_THREW',
    message: "Plugin 'test' failed in hook 'restore': boom",
  });
});

test.each<[what: string, schema: z.ZodType, state: unknown, message: RegExp]>([
  ['a Map', z.any(), new Map([['a', 1]]), /'save': The value is a Map, which JSON cannot hold/],
  ['a promise', z.any(), Promise.resolve({ a: 1 }), /'save': The value is a Promise/],
  ['another form', z.strictObject({ a: z.number() }), { a: NaN }, /'save': .*form.*'a'/],
  ['nothing', z.number(), undefined, /'save': .*form/],
])(
  'a state that would not come back is refused when it is saved: %s',
  async (_, schema, state, message) => {
    const { save } = await persisting({ schema, save: () => state });
    expect(save).toThrow(message);
    expect(save).toThrow("Plugin 'test'");
  },
);

test('a plugin without a state in the checkpoint gets none, whatever it is called', async () => {
  const restored: unknown[] = [];
  const { prepared } = await persisting(
    { schema: z.any(), save: () => 1, restore: (state) => restored.push(state) },
    'constructor',
  );
  await restorePlugins(prepared, 3, {});
  expect(restored).toEqual([]);
});
