import { expect, test } from 'vitest';
import {
  definePlugin,
  openExperiment,
  openRun,
  tf,
  use,
  z,
  type Plugin,
  type PluginSource,
} from '../../../core/index.js';
import {
  configOf,
  newest,
  ownPlugins,
  plain,
  resume,
  runFolder,
  stopped,
  tiny,
  valueOf,
} from './support.js';

/** As one whose caller stops it before its first update. */
function atOnce() {
  const halt = new AbortController();
  halt.abort();
  return { signal: halt.signal };
}

/** A network of one layer, as its author has it now. */
const network = (filters: number, layer = 'conv'): Plugin =>
  definePlugin({
    name: 'generator.own',
    version: '1.0.0',
    summary: 'for tests',
    options: z.strictObject({}),
    setup({ hooks }) {
      hooks.networks.tap(({ add }) => {
        add({
          name: 'generator',
          main: true,
          inputs: { input: 'input' },
          forward: (layers, { input }) =>
            layers.conv2d('out', layers.conv2d(layer, input, { filters, kernel: 3 }), {
              filters: 1,
              kernel: 3,
            }),
        });
      });
    },
  });

test('what a change adds begins where it is added, and a network of another shape is refused', async () => {
  const run = await stopped(3);
  const accept = { acceptChanges: true } as const;
  const before = await newest(run);
  const wider = { ...accept, set: { 'generator.resconvnet.width': 3 } };
  const deeper = { ...accept, set: { 'generator.resconvnet.depth': 2 } };
  for (const other of [wider, deeper]) {
    const refused = resume(run, other);
    await expect(refused).rejects.toMatchObject({ code: 'NCN_RUN_NETWORKS' });
    await expect(refused).rejects.toThrow(/update 3 .*\n {2}generator\/.* in the checkpoint/s);
  }
  expect(configOf(run).changes).toEqual([]);
  expect(valueOf(run, 'generator.resconvnet.width')).toBe(2);

  const followed = await resume(run, { ...accept, plugins: [...ownPlugins, 'ema'] }, atOnce());
  expect(followed.warnings).toMatch(/begins here: ema \(\d+ tensors\)/);
  const { tensors } = await newest(run);
  const weights = [...before.tensors.keys()].filter((name) => name.startsWith('generator/'));
  for (const name of weights) expect(tensors.get(`ema/${name}`)).toEqual(before.tensors.get(name));

  const other = {
    ...accept,
    plugins: [...ownPlugins, 'optimizer.sgd'],
    without: ['optimizer.adam', 'ema'],
  };
  const swapped = await resume(run, { ...other, set: { 'optimizer.sgd.momentum': 0.9 } }, atOnce());
  expect(swapped.warnings).toMatch(/begins here: optimizer \(\d+ tensors\)/);
  const now = (await newest(run)).tensors;
  expect([...now.keys()].some((name) => name.startsWith('ema/'))).toBe(false);
  for (const [name, { data }] of now) {
    if (name.startsWith('optimizer/'))
      expect([name, data.some((x) => x !== 0)]).toEqual([name, false]);
  }
  expect((await resume(run)).result).toMatchObject({ outcome: 'finished', update: 6 });
});

test('a network that a change adds begins with the weights that a new run gives it', async () => {
  const run = await stopped(3);
  const gan = ['discriminator.vanilla', 'loss.adversarial', 'updates.paired'];
  const values = { 'discriminator.vanilla.width': 1 / 64 };
  const { warnings } = await resume(
    run,
    {
      acceptChanges: true,
      plugins: [...ownPlugins, ...gan],
      without: ['updates.generator'],
      set: values,
    },
    atOnce(),
  );
  expect(warnings).toMatch(/begins here: discriminator \(\d+ tensors\), optimizer/);
  const fresh = runFolder();
  const experiment = await openExperiment(tiny, {
    ...plain,
    plugins: gan,
    without: ['updates.generator'],
    set: values,
  });
  await experiment.train({ directory: fresh, ...atOnce() });
  await experiment.close();
  const [here, there] = [await newest(run), await newest(fresh)];
  const names = [...there.tensors.keys()].filter((name) => name.startsWith('discriminator/'));
  expect(names.length).toBeGreaterThan(4);
  for (const name of names) expect(here.tensors.get(name)).toEqual(there.tensors.get(name));
  expect((await resume(run)).result).toMatchObject({ outcome: 'finished', update: 6 });
});

test('a run whose network was edited since is refused, whatever is asked of it', async () => {
  const own = (plugin: Plugin): PluginSource[] =>
    tiny.plugins.map((other) =>
      typeof other === 'object' && 'plugin' in other && other.plugin === 'generator.resconvnet'
        ? plugin
        : other,
    );
  const run = await stopped(3, { ...tiny, plugins: own(network(2)) });
  await expect(openRun(run, { plugins: ownPlugins })).rejects.toMatchObject({
    code: 'NCN_PLUGIN_NOT_FOUND',
    message: expect.stringContaining(
      "The run was made with plugin 'generator.own' 1.0.0.",
    ) as unknown,
    hint: expect.stringContaining('openRun(RUN, { plugins: [OBJECT] })') as unknown,
  });
  const edited = [network(3), network(2, 'other')];
  for (const plugin of edited) {
    const now = await openRun(run, { plugins: [...ownPlugins, plugin] });
    for (const use of [() => now.resume(), () => now.evaluate(), () => now.replay(3)]) {
      await expect(use()).rejects.toMatchObject({ code: 'NCN_RUN_NETWORKS' });
    }
    await now.close();
  }
  const same = await resume(run, { plugins: [...ownPlugins, network(2)] });
  expect(same.result).toMatchObject({ outcome: 'finished', update: 6 });
});

test('plugins of a run keep their order where it is made longer', async () => {
  const others = tiny.plugins.filter((plugin) => plugin !== 'loss.content');
  // Not that of the alphabet: its losses are summed in another order then.
  const run = await stopped(6, {
    ...tiny,
    plugins: [use('loss.variation', { weight: 0.1 }), 'loss.content', ...others],
  });
  await resume(run);
  await resume(run, { updates: 8 });
  expect(configOf(run).changes).toMatchObject([{ update: 6, extends: true }]);
  const names = configOf(run).plugins.map(({ name }) => name);
  expect(names.indexOf('loss.variation')).toBeLessThan(names.indexOf('loss.content'));
});

test('a run goes on where a plugin has lost an option: that nobody set, or with insistence', async () => {
  const loss = (options: z.ZodType<{ readonly strength: number }>): Plugin =>
    definePlugin({
      name: 'loss.own',
      version: '1.0.0',
      summary: 'for tests',
      options,
      setup({ hooks, options: { strength } }) {
        hooks.losses.tap(({ add, main }) => {
          add({
            name: 'own',
            network: main,
            weight: () => strength,
            value: ({ output }) => tf.mean(output),
          });
        });
      },
    });
  const strength = z.number().default(0.1);
  const had = loss(z.strictObject({ strength, extra: z.number().default(3) }));
  const now = { plugins: [...ownPlugins, loss(z.strictObject({ strength }))] };
  const given = [{}, { extra: 5 }].map((options) => ({
    ...tiny,
    plugins: [...tiny.plugins, { plugin: had, options }],
  }));
  const [asItWas, set] = [await stopped(2, given[0]), await stopped(2, given[1])];
  const { warnings } = await resume(asItWas, now, atOnce());
  expect(warnings).toContain('another experiment: loss.own.extra 3 → null');
  await expect(resume(set, now)).rejects.toMatchObject({
    code: 'NCN_RESUME_CHANGED',
    message: expect.stringContaining('loss.own.extra: 5 → null') as unknown,
  });
  const unchanged = await openRun(set, now);
  expect((await unchanged.evaluate()).about.update).toBe(2);
  await unchanged.close();
  await resume(set, { ...now, acceptChanges: true }, atOnce());
  for (const run of [asItWas, set]) {
    expect((await resume(run, now)).result).toMatchObject({ outcome: 'finished', update: 6 });
    expect(configOf(run).changes).toMatchObject([{ update: 2, extends: false }]);
    expect(valueOf(run, 'loss.own.extra')).toBeUndefined();
  }
});
