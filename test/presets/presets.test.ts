import { beforeAll, expect, test } from 'vitest';
import * as host from '../../core/index.js';
import { PresetLibrary } from '../../core/experiment/library.js';
import { resolveExperiment, type ResolvedExperiment } from '../../core/experiment/resolve.js';
import { describeTypes } from '../../core/experiment/types-of.js';
import { jsonSchema } from '../../core/experiment/units.js';
import { PluginLoader } from '../../core/plugins/loader.js';

let library: PresetLibrary;
const loader = new PluginLoader();

beforeAll(async () => {
  library = await PresetLibrary.load();
});

const ramp = { schedule: 'step', from: 1, to: 100, at: 200_000 };

/**
 * The table of the post: name, the post's name, figures, augmentation, discriminator, content
 * weight, adversarial weight, pairing, updates, the rest.
 */
const post = [
  ['dcnn_v1', 'v1_dcnn', [11], 'A', null, 1, null, 'generator', 1_000_000, {}],
  ['dcnn_v2', 'v2_dcnn', [12], 'B', null, 1, null, 'generator', 1_000_000, {}],
  ['dcnn_v3', 'v3_dcnn', [13], 'C', null, 1, null, 'generator', 1_000_000, {}],
  [
    'dcnn_v5',
    'v5_dcnn',
    [14],
    'A',
    null,
    1,
    null,
    'generator',
    1_000_000,
    { 'subset.examples': 1000 },
  ],
  ['dcgans_v1', 'v1_dcgans', [15], 'A', 'vanilla', 1, 0.001, 'unpaired', 1_000_000, {}],
  ['dcgans_v2', 'v2_dcgans', [16], 'A', 'vanilla', 0.9, 0.1, 'unpaired', 200_000, {}],
  ['dcgans_v3', 'v3_dcgans', [17], 'A', 'vanilla', 1, 1, 'unpaired', 200_000, {}],
  ['dcgans_v4', 'v4_dcgans', [18], 'A', 'vanilla', 1, 0.001, 'paired', 200_000, {}],
  ['dcgans_v5', 'v5_dcgans', [19], 'A', 'vanilla', 0.9, 0.1, 'paired', 200_000, {}],
  ['dcgans_v6', 'v6_dcgans', [20], 'A', 'vanilla', 1, 1, 'paired', 200_000, {}],
  [
    'dcgans_v7',
    'v7_dcgans',
    [22, 23],
    'A',
    'vanilla',
    1,
    0.001,
    'paired',
    200_000,
    { 'pretraining.updates': 200_000 },
  ],
  [
    'conditional_v1',
    'v1_conditional_dcgans',
    [24],
    'A',
    'conditional',
    1,
    1,
    'paired',
    500_000,
    {},
  ],
  [
    'conditional_v2',
    'v2_conditional_dcgans',
    [25],
    'A',
    'conditional',
    1,
    0.001,
    'paired',
    500_000,
    {},
  ],
  [
    'conditional_v3',
    'v3_conditional_dcgans',
    [26],
    'A',
    'conditional',
    null,
    1,
    'paired',
    500_000,
    {},
  ],
  [
    'conditional_v4',
    'v4_conditional_dcgans',
    [27],
    'A',
    'conditional',
    null,
    1,
    'unpaired',
    500_000,
    {},
  ],
  [
    'conditional_v5',
    'v5_conditional_dcgans',
    [28],
    'A',
    'conditional',
    ramp,
    1,
    'paired',
    500_000,
    {},
  ],
] as const;

const value = (experiment: ResolvedExperiment, path: string): unknown =>
  experiment.values.find((v) => v.path === path)?.value;

test.each(post)(
  '%s is what the post says',
  async (name, alias, figures, augmentation, d, content, adversarial, pairing, updates, rest) => {
    const experiment = await resolveExperiment({ preset: `resConvNet_${alias}` }, library, loader);
    expect(experiment.preset.name).toBe(name);
    expect(experiment.preset.about['figures']).toEqual(figures);
    const plugins = experiment.plugins.map(({ loaded }) => loaded.plugin.name);
    expect(plugins.filter((p) => p.startsWith('discriminator.'))).toEqual(
      d === null ? [] : [`discriminator.${d}`],
    );
    expect(plugins.filter((p) => p.startsWith('updates.'))).toEqual([`updates.${pairing}`]);
    expect(plugins.includes('pretraining')).toBe(name === 'dcgans_v7');
    expect(plugins.includes('subset')).toBe(name === 'dcnn_v5');
    const expected = {
      seed: 1,
      updates,
      batch: 100,
      'augmentation.variant': augmentation,
      'augmentation.gains': [0.2, 1],
      'augmentation.noise': [0, 1],
      'augmentation.clip': 1,
      'augmentation.independentReferenceGain': false,
      'generator.resconvnet.width': 128,
      'generator.resconvnet.depth': 4,
      'loss.content.kind': content === null ? undefined : 'l1',
      'loss.content.weight': content ?? undefined,
      'loss.adversarial.weight': adversarial ?? undefined,
      'loss.adversarial.kind': adversarial === null ? undefined : 'log',
      'optimizer.adam.learningRate': 1e-4,
      'optimizer.adam.beta1': 0.9,
      'optimizer.adam.beta2': 0.999,
      'optimizer.adam.epsilon': 1e-8,
      'evaluation.every': 1000,
      'evaluation.examples': 16,
      'evaluation.draws.a': 0.5,
      'evaluation.draws.b': 0.7,
      ...(d === null ? {} : { [`discriminator.${d}.width`]: 1 }),
      ...rest,
    };
    const got = Object.fromEntries(
      Object.keys(expected).map((path) => [path, value(experiment, path)]),
    );
    expect(got).toEqual(expected);
  },
);

test('there are the sixteen experiments of the post, and one script beside them', () => {
  const names = library
    .list()
    .filter(({ about }) => 'figures' in about)
    .map((preset) => preset.name)
    .sort();
  expect(names).toEqual([...post.map(([name]) => name), 'conditional_v6'].sort());
});

test('quick shrinks every update number by the same ratio', async () => {
  const quick = async (preset: string) =>
    resolveExperiment({ preset, profile: 'quick' }, library, loader);
  const v5 = await quick('conditional_v5');
  const updates = Number(value(v5, 'updates'));
  expect(value(v5, 'loss.content.weight')).toEqual({ ...ramp, at: (updates * 2) / 5 });
  const v7 = await quick('dcgans_v7');
  expect(value(v7, 'pretraining.updates')).toBe(value(v7, 'updates'));
});

test('every value of every profile belongs to some preset, or to a plugin that can be added', async () => {
  const known = new Set<string>();
  for (const preset of library.list()) {
    const experiment = await resolveExperiment({ preset: preset.name }, library, loader);
    for (const { path } of experiment.values) known.add(path);
  }
  for (const { plugin } of await loader.listBuiltIn()) {
    const options = describeTypes(jsonSchema(plugin.options), plugin.name);
    for (const path of options.keys()) known.add(path);
  }
  for (const profile of library.listProfiles()) {
    for (const path of Object.keys(profile.set)) expect(known).toContain(path);
  }
});

test.each([
  ['dcnn_v2', { 'augmentation.independentReferenceGain': true }],
  ['dcnn_v3', { 'augmentation.targetScale': 0.8, 'augmentation.evaluationTargetScale': 0.9 }],
  ['dcnn_v5', { 'subset.windows': true }],
  ['dcgans_v7', { 'pretraining.updates': 300_000 }],
])('the scripts’ variant of %s', async (preset, expected) => {
  const experiment = await resolveExperiment({ preset, variant: 'scripts' }, library, loader);
  for (const [path, wanted] of Object.entries(expected)) {
    const found = experiment.values.find((v) => v.path === path);
    expect(found?.value).toEqual(wanted);
    expect(found?.origin).toBe(`variant scripts of preset ${preset}`);
  }
});

test('each value tells its origin, the command line last', async () => {
  const experiment = await resolveExperiment(
    {
      preset: 'conditional_v5',
      profile: 'quick',
      set: [
        ['loss.content.weight.to', 50, 'command line'],
        ['batch', 8, 'command line'],
      ],
    },
    library,
    loader,
  );
  const origin = (path: string) => experiment.values.find((v) => v.path === path)?.origin;
  expect(value(experiment, 'loss.content.weight')).toMatchObject({ from: 1, to: 50 });
  expect(origin('loss.content.weight')).toBe('command line');
  expect(origin('batch')).toBe('command line');
  expect(origin('generator.resconvnet.width')).toBe('profile quick');
  expect(origin('loss.adversarial.weight')).toBe('preset conditional_v5');
  expect(origin('optimizer.adam.beta1')).toBe('preset protocol');
  expect(origin('seed')).toBe('default');
});

test.each([
  [{ preset: 'conditonal_v5' }, /no preset 'conditonal_v5'/, /'conditional_v5'/],
  [{ preset: 'dcnn_v1', profile: 'quik' }, /no profile 'quik'/, /'quick'/],
  [{ preset: 'dcnn_v1', variant: 'script' }, /no variant 'script'/, /It has none/],
  [{ preset: 'dcnn_v2', variant: 'script' }, /no variant 'script'/, /'scripts'/],
  [
    { preset: 'dcnn_v1', set: [['loss.contnt.weight', 1, 'command line']] as const },
    /Unknown.*loss.contnt.weight.*command line/,
    /'loss.content.weight'/,
  ],
  [
    { preset: 'dcnn_v1', set: [['loss.content.wieght', 1, 'command line']] as const },
    /Unknown.*loss.content.wieght/,
    /'loss.content.weight'/,
  ],
  [
    { preset: 'dcnn_v1', set: [['batch', 'many', 'command line']] as const },
    /Bad value for 'batch' \(from command line\).*Got "many"/,
    /ncn config/,
  ],
  [
    { preset: 'dcnn_v1', set: [['seeed', 1, 'command line']] as const },
    /Unknown.*'seeed'/,
    /'seed'/,
  ],
  [
    { preset: 'dcnn_v1', plugins: ['los.content'] },
    /no plugin 'los.content'. Searched: /,
    /'loss.content'/,
  ],
  [{ preset: 'dcnn_v1', without: ['guard', 'gard'] }, /gard/, /Known|mean/],
])('%j is refused with help', async (request, message, hint) => {
  const error = await resolveExperiment(request, library, loader).catch((e: unknown) => e);
  expect(error).toBeInstanceOf(host.NcnError);
  if (!(error instanceof host.NcnError)) return;
  expect(error.message).toMatch(message);
  expect(error.hint).toMatch(hint);
  expect(error.exit).toBe(host.ExitCode.usage);
});
