import { expect, test } from 'vitest';
import { definePlugin, schedule, z, type Plugin } from '../../../core/index.js';
import { explainValues, unsetValues } from '../../../core/experiment/explain.js';
import { PresetLibrary } from '../../../core/experiment/library.js';
import {
  resolveExperiment,
  type ExperimentRequest,
  type ResolvedExperiment,
} from '../../../core/experiment/resolve.js';
import { restoreExperiment } from '../../../core/experiment/restore.js';
import { saveConfig, savedConfigSchema } from '../../../core/experiment/saved.js';
import { PluginLoader } from '../../../core/plugins/loader.js';
import { parseJson, type JsonValue } from '../../../core/run/json.js';

type Set = readonly (readonly [path: string, value: JsonValue])[];

const withOptions = (name: string, options: z.ZodType): Plugin =>
  definePlugin({ name, version: '1.0.0', summary: 'of a test', options, setup: () => undefined });

const given = (set: Set) => set.map(([path, value]) => [path, value, 'command line'] as const);

const library = await PresetLibrary.load();

function resolveWith(
  plugin: Plugin,
  set: Set = [],
  more: Partial<ExperimentRequest> = {},
): Promise<ResolvedExperiment> {
  const loader = new PluginLoader();
  const plugins = [loader.adopt(plugin).spec];
  return resolveExperiment(
    { preset: 'dcnn_v1', plugins, set: given(set), ...more },
    library,
    loader,
  );
}

/** As `config.json` of a run, and a resume, have it. */
async function restored(plugin: Plugin, experiment: ResolvedExperiment, set: Set = []) {
  const saved = savedConfigSchema.parse(parseJson(JSON.stringify(saveConfig(experiment))));
  const loader = new PluginLoader();
  loader.adopt(plugin);
  return restoreExperiment(saved, { set: given(set) }, library, loader);
}

const optionsOf = (name: string, { plugins }: ResolvedExperiment): unknown =>
  plugins.find(({ loaded }) => loaded.plugin.name === name)?.options;

const mixer = withOptions('batch.mixer', z.strictObject({ share: z.number().default(0.1) }));

test('a value of the core takes none of a plugin whose name begins like it', async () => {
  const share = ['batch.mixer.share', 0.3] as const;
  for (const set of [[share, ['batch', 7]] as const, [['batch', 7], share] as const]) {
    const experiment = await resolveWith(mixer, set, { profile: 'quick' });
    expect(optionsOf('batch.mixer', experiment)).toEqual({ share: 0.3 });
    const [told] = explainValues(experiment, 'batch.mixer.share');
    expect(told).toMatchObject({ origin: 'command line', layers: [{ value: 0.3 }] });
    expect(explainValues(experiment, 'batch').map(({ path }) => path)).toEqual(['batch']);
    const { changes } = await restored(mixer, experiment, [['batch', 8]]);
    expect(changes).toEqual([{ path: 'batch', before: 7, after: 8 }]);
  }
  await expect(resolveWith(mixer, [['batch', { mixer: { share: 1 } }]])).rejects.toThrow(
    /'batch' \(from command line\)/,
  );
});

test('a new option of such a plugin is as before it, whatever the core has', async () => {
  const newer = withOptions(
    'batch.mixer',
    z.strictObject({
      share: z.number().default(0.1),
      hard: z.boolean().default(true).meta({ earlier: false }),
    }),
  );
  const { experiment } = await restored(newer, await resolveWith(mixer), [['batch', 8]]);
  expect(optionsOf('batch.mixer', experiment)).toEqual({ share: 0.1, hard: false });
});

const named = withOptions(
  'named',
  z.strictObject({ map: z.record(z.string(), z.number()).default({ 'a.b': 1 }) }),
);

test('names of a record may have dots, in defaults and values; a run of them is resumed', async () => {
  const byDefault = await resolveWith(named);
  expect(optionsOf('named', byDefault)).toEqual({ map: { 'a.b': 1 } });
  const { experiment, changes } = await restored(named, byDefault, [['batch', 8]]);
  expect(optionsOf('named', experiment)).toEqual({ map: { 'a.b': 1 } });
  expect(changes.map(({ path }) => path)).toEqual(['batch']);
  const set = await resolveWith(named, [
    ['named.map', { 'x.y': 3, z: 4 }],
    ['named.map.z', 5],
  ]);
  expect(optionsOf('named', set)).toEqual({ map: { 'x.y': 3, z: 5 } });
  await expect(resolveWith(named, [['named.map', { 'x.y': 'much' }]])).rejects.toThrow(
    /'named\.map\.x\.y' \(from command line\)/,
  );
});

test('a schema that would change its options each time they are parsed is refused', async () => {
  const scaling = z.number().default(2);
  const timesTen = withOptions('ten', z.strictObject({ x: scaling.transform((v) => v * 10) }));
  await expect(resolveWith(timesTen, [['ten.x', 3]])).rejects.toThrow(
    /plugin 'ten'.*'options' must take what they give.*'x'/,
  );
  const asText = withOptions('text', z.strictObject({ x: scaling.transform((v) => `${v}`) }));
  await expect(resolveWith(asText)).rejects.toThrow(/plugin 'text'.*'x'/);
  const thrower = withOptions(
    'bad',
    z.strictObject({
      x: scaling.refine(() => {
        throw new TypeError('boom');
      }),
    }),
  );
  await expect(resolveWith(thrower)).rejects.toMatchObject({ code: 'NCN_PLUGIN_DEFINITION' });
  const trimmed = withOptions('trim', z.strictObject({ x: z.string().trim().default(' a ') }));
  const experiment = await resolveWith(trimmed, [['trim.x', ' b ']]);
  expect(optionsOf('trim', experiment)).toEqual({ x: 'b' });
});

test('no value is called __proto__, wherever it stands', async () => {
  const tags = withOptions(
    'tags',
    z.strictObject({
      tags: z.record(z.string(), z.string()).default({}),
      list: z.array(z.unknown()).default([]),
    }),
  );
  const proto = parseJson('{"__proto__":"a"}');
  for (const [path, value] of [
    ['tags.tags', proto],
    ['tags.tags.__proto__', 'a'],
    ['tags.list', [proto]],
  ] as const) {
    await expect(resolveWith(tags, [[path, value]])).rejects.toThrow(
      /__proto__' \(from command line\): '__proto__' cannot be a name/,
    );
  }
});

test.each(['constructor', 'toString', 'x.valueOf', '__proto__'])(
  'a value called %s is unknown like any other',
  async (path) => {
    await expect(resolveWith(mixer, [[path, 1]])).rejects.toMatchObject({
      code: 'NCN_CONFIG_UNKNOWN',
    });
    await expect(resolveWith(mixer, [], { variant: path })).rejects.toMatchObject({
      code: 'NCN_VARIANT_UNKNOWN',
    });
  },
);

const parts = withOptions(
  'parts',
  z.strictObject({
    warm: z
      .strictObject({ until: z.int().meta({ unit: 'updates' }), factor: z.number() })
      .default({ until: 100_000, factor: 0.5 }),
    map: z.record(z.string(), z.number()).default({ a: 1, b: 2 }),
    dotted: z.record(z.string(), z.number()).default({ 'a.b': 1 }),
    list: z.array(z.number()).default([1, 2]),
    weight: schedule().default({ schedule: 'linear', from: 1, to: 0, start: 0, end: 10 }),
    outer: z
      .strictObject({ inner: z.strictObject({ x: z.number(), y: z.number() }), z: z.number() })
      .default({ inner: { x: 1, y: 2 }, z: 3 }),
  }),
);
const partsByDefault = {
  warm: { until: 100_000, factor: 0.5 },
  map: { a: 1, b: 2 },
  dotted: { 'a.b': 1 },
  list: [1, 2],
  weight: { schedule: 'linear', from: 1, to: 0, start: 0, end: 10 },
  outer: { inner: { x: 1, y: 2 }, z: 3 },
};

test('a part of an option that is set leaves the others at their defaults', async () => {
  const experiment = await resolveWith(parts, [
    ['parts.warm.factor', 0.25],
    ['parts.map.a', 5],
    ['parts.dotted.c', 2],
    ['parts.list.1', 7],
    ['parts.weight.to', 0.5],
    ['parts.outer.inner.x', 9],
  ]);
  expect(optionsOf('parts', experiment)).toEqual({
    warm: { until: 100_000, factor: 0.25 },
    map: { a: 5, b: 2 },
    dotted: { 'a.b': 1, c: 2 },
    list: [1, 7],
    weight: { schedule: 'linear', from: 1, to: 0.5, start: 0, end: 10 },
    outer: { inner: { x: 9, y: 2 }, z: 3 },
  });
  const [b] = explainValues(experiment, 'parts.map.b');
  expect(b).toMatchObject({ value: 2, origin: 'default', layers: [] });
  const quick = await resolveWith(parts, [], { profile: 'quick' });
  const scaled = z
    .looseObject({ warm: z.strictObject({ until: z.int().max(99_999), factor: z.literal(0.5) }) })
    .safeParse(optionsOf('parts', quick));
  expect(scaled.error).toBeUndefined();
});

test('an option that is given as a whole is what is given, on resume too', async () => {
  const { map, ...others } = partsByDefault;
  for (const given of [{ a: 5 }, {}]) {
    const experiment = await resolveWith(parts, [['parts.map', given]]);
    expect(optionsOf('parts', experiment)).toEqual({ ...others, map: given });
    const { experiment: later } = await restored(parts, experiment, [['parts.map.c', 6]]);
    expect(optionsOf('parts', later)).toEqual({ ...others, map: { ...given, c: 6 } });
    expect(explainValues(later, 'parts.map.c')).toMatchObject([{ origin: 'command line' }]);
  }
  expect(optionsOf('parts', await resolveWith(parts))).toEqual({ ...others, map });
});

test('a path that leads out of a list is refused', async () => {
  for (const set of [
    [['parts.list.2', 7]],
    [
      ['parts.list', [1]],
      ['parts.list.one', 7],
    ],
  ] as const) {
    await expect(resolveWith(parts, set)).rejects.toThrow(
      /'parts\.list\.\w+' \(from command line\): there is no such place: the list has/,
    );
  }
});

test('an option that nobody has set and that has no default is listed and explained', async () => {
  const options = z.strictObject({
    rate: z.number().default(1),
    own: schedule().optional().describe('that of the discriminator'),
    inner: z.strictObject({ depth: z.int().optional() }).default({}),
    many: z.record(z.string(), z.number()).default({}),
  });
  const optional = withOptions('optional', options);
  const experiment = await resolveWith(optional);
  expect(unsetValues(experiment)).toMatchObject([
    { path: 'optional.own', type: expect.stringContaining('schedule') as unknown },
    { path: 'optional.inner.depth', type: 'integer' },
  ]);
  expect(explainValues(experiment, 'optional.own')).toMatchObject([
    { value: undefined, default: undefined, required: false, origin: 'not set', layers: [] },
  ]);
  const set = await resolveWith(optional, [['optional.own', 0.5]]);
  expect(unsetValues(set).map(({ path }) => path)).toEqual(['optional.inner.depth']);
  expect(explainValues(set, 'optional.own')).toMatchObject([{ value: 0.5, required: false }]);
  const must = withOptions('must', z.strictObject({ file: z.string() }));
  const given = await resolveWith(must, [['must.file', 'a']]);
  expect(explainValues(given, 'must.file')).toMatchObject([{ value: 'a', required: true }]);
});
