import type { z } from 'zod';
import { nothingToScale, unknownVariant, unownedPath } from '../errors/config.js';
import type { PluginLoader, LoadedPlugin } from '../plugins/loader.js';
import type { ConfigFile } from './config-file.js';
import { coreOptions, isCoreOption, type CoreOptions } from './core-options.js';
import type { JsonValue as Json } from '../run/json.js';
import { LayeredValues, type SetValue, type Sourced } from './layers.js';
import type { PresetLibrary } from './library.js';
import { parseOptions } from './parse-options.js';
import { flatten, isObject, type JsonObject } from './paths.js';
import { PluginSet } from './plugin-set.js';
import type { PluginUse, Preset, Profile } from './preset.js';
import { defaultsWithParts, describeTypes } from './types-of.js';
import { jsonSchema, scaleUpdates } from './units.js';

/** What the user asked for. */
export interface ExperimentRequest {
  /** Name, path or package. */
  readonly preset: string;
  readonly profile?: string;
  readonly variant?: string;
  /** `ncn.config.*`: its plugins, and values on top of the profile. */
  readonly file?: ConfigFile;
  /** Further plugins, by name, path or package. */
  readonly plugins?: readonly string[];
  /** Plugins to leave out. */
  readonly without?: readonly string[];
  /** Values by path, each with its origin, in order. */
  readonly set?: readonly (readonly [path: string, value: Json, origin: string])[];
  /** Whether other numbers of updates keep their ratio to `updates` where `set` changes that. */
  readonly scale?: boolean;
}

export interface ResolvedValue extends Sourced {
  readonly path: string;
  readonly type: string;
  readonly description: string;
}

export interface ResolvedPlugin {
  readonly loaded: LoadedPlugin;
  /** Complete and valid. */
  readonly options: JsonObject;
}

/** A complete, valid configuration, each value with its origin. */
export interface ResolvedExperiment {
  readonly preset: Preset;
  readonly profile: string;
  readonly variant: string | null;
  readonly core: CoreOptions;
  readonly plugins: readonly ResolvedPlugin[];
  readonly values: readonly ResolvedValue[];
  /** Every act of setting a value, in order. */
  readonly history: readonly SetValue[];
}

/**
 * Resolves a request: plugin defaults, then preset, variant, profile, configuration file, and the
 * request's own values.
 * @throws NcnError naming the path and the origin of what is wrong
 */
export async function resolveExperiment(
  request: ExperimentRequest,
  library: PresetLibrary,
  loader: PluginLoader,
): Promise<ResolvedExperiment> {
  const presetName = await library.open(request.preset);
  const lineage = library.lineage(presetName);
  const preset = library.preset(presetName);
  const profile = library.profile(request.profile ?? 'documented');
  const { plugins, nameOf } = await collectPlugins(lineage, request, library, loader);
  const layers = layersFor(plugins);
  for (const part of lineage) addPreset(layers, part, plugins, nameOf);
  if (request.variant !== undefined) addVariant(layers, preset, request.variant);
  addProfile(layers, adapted(profile, lineage), plugins);
  if (request.file !== undefined) addFile(layers, request.file, plugins, nameOf, loader);
  const set = request.set ?? [];
  if (request.scale === true) scaleTo(layers, plugins, set);
  for (const [path, value, origin] of set) layers.set(path, value, origin);
  return assemble(layers, plugins, {
    preset,
    profile: profile.name,
    variant: request.variant ?? null,
  });
}

/** Values of these plugins, none of which is set yet. */
export const layersFor = (plugins: readonly LoadedPlugin[]): LayeredValues =>
  new LayeredValues(
    new Map(
      plugins.flatMap(({ plugin }) => [
        ...defaultsWithParts(jsonSchema(plugin.options), plugin.name),
      ]),
    ),
  );

async function collectPlugins(
  lineage: readonly Preset[],
  request: ExperimentRequest,
  library: PresetLibrary,
  loader: PluginLoader,
): Promise<{ plugins: LoadedPlugin[]; nameOf: NameOf }> {
  const set = new PluginSet(loader);
  const nameOf = new Map<PluginUse, string>();
  const use = async (used: PluginUse, base?: string): Promise<void> => {
    nameOf.set(used, (await set.add(used.plugin, base)).plugin.name);
  };
  for (const preset of lineage) {
    for (const used of preset.plugins) await use(used, library.folderOf(preset));
  }
  const { file } = request;
  for (const used of file?.plugins ?? []) await use(used, file?.folder);
  for (const spec of request.plugins ?? []) await set.add(spec);
  return { plugins: set.complete(request.without), nameOf };
}

/** The name of the plugin that a preset or a file uses by path. */
type NameOf = ReadonlyMap<PluginUse, string>;

function addUses(
  layers: LayeredValues,
  uses: readonly PluginUse[],
  origin: string,
  plugins: readonly LoadedPlugin[],
  nameOf: NameOf,
): void {
  const loaded = new Set(plugins.map(({ plugin }) => plugin.name));
  for (const use of uses) {
    const name = nameOf.get(use) ?? use.plugin;
    if (loaded.has(name)) layers.setOptions(name, use.options, origin);
  }
}

function addFile(
  layers: LayeredValues,
  file: ConfigFile,
  plugins: readonly LoadedPlugin[],
  nameOf: NameOf,
  loader: PluginLoader,
): void {
  addUses(layers, file.plugins, file.origin, plugins, nameOf);
  const owns = (names: Iterable<string>, path: string): boolean =>
    [...names].some((name) => path.startsWith(`${name}.`));
  const used = plugins.map(({ plugin }) => plugin.name);
  for (const [path, value] of Object.entries(file.set)) {
    // One file serves many presets: what a first-party plugin that is not used would read is left out.
    if (!owns(used, path) && owns(loader.builtInNames, path)) continue;
    layers.set(path, value, file.origin);
  }
}

function addPreset(
  layers: LayeredValues,
  preset: Preset,
  plugins: readonly LoadedPlugin[],
  nameOf: NameOf,
): void {
  const origin = `preset ${preset.name}`;
  addUses(layers, preset.plugins, origin, plugins, nameOf);
  if (preset.updates !== undefined) layers.set('updates', preset.updates, origin);
  if (preset.batch !== undefined) layers.set('batch', preset.batch, origin);
}

function addVariant(layers: LayeredValues, preset: Preset, name: string): void {
  const { variants } = preset;
  const variant = Object.hasOwn(variants, name) ? variants[name] : undefined;
  if (variant === undefined) throw unknownVariant(preset.name, name, Object.keys(preset.variants));
  for (const [path, value] of Object.entries(variant.set)) {
    layers.set(path, value, `variant ${name} of preset ${preset.name}`);
  }
}

/** The profile as the experiment's family has it. */
function adapted(profile: Profile, lineage: readonly Preset[]): Profile {
  let whole = profile;
  for (const { profiles } of lineage) {
    if (!Object.hasOwn(profiles, profile.name)) continue;
    const { set = {}, ...sizes } = profiles[profile.name] ?? {};
    whole = { ...whole, ...sizes, set: { ...whole.set, ...set } };
  }
  return whole;
}

function addProfile(
  layers: LayeredValues,
  profile: Profile,
  plugins: readonly LoadedPlugin[],
): void {
  const origin = `profile ${profile.name}`;
  const documented = layers.get('updates')?.value;
  if (profile.updates !== undefined && typeof documented === 'number') {
    scalePlugins(layers, plugins, profile.updates / documented, origin);
    layers.set('updates', profile.updates, origin);
  }
  if (profile.batch !== undefined) layers.set('batch', profile.batch, origin);
  for (const [path, value] of Object.entries(profile.set)) {
    const used = plugins.some(({ plugin }) => path.startsWith(`${plugin.name}.`));
    if (used || isCoreOption(path)) layers.set(path, value, origin);
  }
}

/** Scales what `set` does not set itself to the number of updates that it sets. @throws NcnError */
function scaleTo(
  layers: LayeredValues,
  plugins: readonly LoadedPlugin[],
  set: NonNullable<ExperimentRequest['set']>,
): void {
  const before = layers.get('updates')?.value;
  const [, updates, origin] = set.findLast(([path]) => path === 'updates') ?? [];
  if (typeof updates !== 'number' || origin === undefined) throw nothingToScale();
  if (typeof before !== 'number' || updates <= 0) return;
  scalePlugins(layers, plugins, updates / before, origin);
}

function scalePlugins(
  layers: LayeredValues,
  plugins: readonly LoadedPlugin[],
  ratio: number,
  origin: string,
): void {
  for (const { plugin } of plugins) {
    const before = parseOptions(layers, plugin.name, plugin.options);
    const after = scaleUpdates(jsonSchema(plugin.options), before, ratio);
    const old = flatten(before, plugin.name);
    for (const [path, value] of isObject(after) ? flatten(after, plugin.name) : []) {
      if (JSON.stringify(old.get(path)) === JSON.stringify(value)) continue;
      const was = layers.get(path)?.origin ?? 'default';
      layers.set(path, value, `${was}, updates × ${Number(ratio.toPrecision(3))} by ${origin}`);
    }
  }
}

/** Checks all values and puts the experiment together. @throws NcnError naming path and origin */
export function assemble(
  layers: LayeredValues,
  plugins: readonly LoadedPlugin[],
  about: Pick<ResolvedExperiment, 'preset' | 'profile' | 'variant'>,
): ResolvedExperiment {
  const names = plugins.map(({ plugin }) => plugin.name);
  const known = new Map<string, { type: string; description: string }>();
  const owners: [string, z.ZodType][] = [
    ['', coreOptions],
    ...plugins.map(({ plugin }): [string, z.ZodType] => [plugin.name, plugin.options]),
  ];
  for (const [name, schema] of owners) {
    for (const [path, about] of describeTypes(jsonSchema(schema), name)) known.set(path, about);
  }
  for (const [path, { origin }] of layers.entries()) {
    const owned = isCoreOption(path) || names.some((name) => path.startsWith(`${name}.`));
    if (!owned) throw unownedPath(path, origin, known.keys());
  }
  const core = coreOptions.parse(parseOptions(layers, '', coreOptions, known.keys()));
  const resolved = plugins.map((loaded) => ({
    loaded,
    options: parseOptions(layers, loaded.plugin.name, loaded.plugin.options, known.keys()),
  }));
  const values: ResolvedValue[] = [];
  const record = (flat: Map<string, Json>): void => {
    for (const [path, value] of flat) {
      const origin = layers.get(path)?.origin ?? 'default';
      const { type = 'any', description = '' } = known.get(path) ?? {};
      values.push({ path, value, origin, type, description });
    }
  };
  record(flatten(core));
  for (const { loaded, options } of resolved) record(flatten(options, loaded.plugin.name));
  return { ...about, core, plugins: resolved, values, history: layers.history };
}
