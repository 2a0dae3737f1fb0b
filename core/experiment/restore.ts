import { pluginVersionChanged } from '../errors/config.js';
import { NcnError } from '../errors/error.js';
import { pluginOfRunNotFound } from '../errors/plugin.js';
import type { LoadedPlugin, PluginLoader } from '../plugins/loader.js';
import { canonicalJson, type JsonObject, type JsonValue } from '../run/json.js';
import { coreOptions, liesIn } from './core-options.js';
import type { LayeredValues } from './layers.js';
import type { PresetLibrary } from './library.js';
import { obsoleteValues } from './obsolete.js';
import { contentOf, isPath, type Place } from './places.js';
import { PluginSet } from './plugin-set.js';
import { definePreset, type Preset } from './preset.js';
import { assemble, layersFor, type ResolvedExperiment } from './resolve.js';
import type { SavedConfig } from './saved.js';
import { isSealedPath, unsealed } from './sealed.js';
import { describeTypes } from './types-of.js';
import { jsonSchema } from './units.js';

/** What is to be different. */
export interface RestoreRequest {
  /** Values by path, each with its origin. */
  readonly set: readonly (readonly [path: string, value: JsonValue, origin: string])[];
  /** Plugins to add: names, paths or packages. */
  readonly plugins?: readonly string[];
  /** Names of plugins to leave out. */
  readonly without?: readonly string[];
}

/** A value that a resumed run would have changed. */
export interface ConfigChange {
  readonly path: string;
  readonly before: JsonValue;
  readonly after: JsonValue;
}

/**
 * The experiment of a saved configuration, with some values and plugins changed. An option that is
 * newer than the run is as before there was it; the value of one that is gone is left out.
 * @throws NcnError when a plugin is gone, has another major version, or a value does not fit
 */
export async function restoreExperiment(
  saved: SavedConfig,
  request: RestoreRequest,
  library: PresetLibrary,
  loader: PluginLoader,
): Promise<{ experiment: ResolvedExperiment; changes: ConfigChange[] }> {
  const named = new Map<string, string>();
  for (const spec of request.plugins ?? []) {
    named.set((await loader.load(spec)).plugin.name, spec);
  }
  const build = async (more: RestoreRequest): Promise<ResolvedExperiment> => {
    const gathered = new PluginSet(loader);
    for (const { name, spec, version } of saved.plugins) {
      // One that is named anew is that one: its file may have been moved.
      const { plugin, file } = await gathered
        .add(named.get(name) ?? spec)
        .catch((error: unknown) => {
          const isGone = error instanceof NcnError && error.code === 'NCN_PLUGIN_NOT_FOUND';
          throw isGone ? pluginOfRunNotFound(name, version, error) : error;
        });
      if (majorOf(version) !== majorOf(plugin.version)) {
        throw pluginVersionChanged(plugin.name, version, plugin.version, file);
      }
    }
    for (const spec of more.plugins ?? []) await gathered.add(spec);
    const plugins = gathered.complete(more.without);
    const layers = layersOf(saved, plugins);
    for (const [path, value, origin] of more.set) layers.set(path, value, origin);
    const preset = findPreset(saved.preset, library);
    const { profile, variant } = saved;
    return assemble(layers, plugins, { preset, profile, variant });
  };
  const experiment = await build(request);
  const { set, plugins = [], without = [] } = request;
  // Nobody asked for a default: that it is gone is recorded, and needs no insisting.
  const gone = obsoleteValues(
    saved.values,
    experiment.plugins.map(({ loaded }) => loaded),
  ).flatMap(({ path, value, origin }) =>
    origin === 'default' ? [] : [{ path, before: value, after: null }],
  );
  if (set.length + plugins.length + without.length === 0) return { experiment, changes: gone };
  // What is saved may not fit any more, and be mended by what is asked for.
  const before = await build({ set: [] }).catch(unlessBug);
  return { experiment, changes: [...changesBetween(saved, before, experiment), ...gone] };
}

/** What is saved, and of before an option what is not. */
function layersOf(saved: SavedConfig, plugins: readonly LoadedPlugin[]): LayeredValues {
  const used = new Set(plugins.map(({ plugin }) => plugin.name));
  const gone = saved.plugins.filter(({ name }) => !used.has(name));
  const layers = layersFor(plugins);
  const obsolete = new Set(obsoleteValues(saved.values, plugins).map(({ path }) => path));
  for (const { path, value, origin } of saved.values) {
    if (obsolete.has(path)) continue;
    if (!gone.some(({ name }) => path.startsWith(`${name}.`))) layers.put(path, value, origin);
  }
  const had = new Set(saved.plugins.map(({ name }) => name));
  const owners = [
    { name: '', options: coreOptions },
    ...plugins.flatMap(({ plugin }) => (had.has(plugin.name) ? [plugin] : [])),
  ];
  for (const { name, options } of owners) {
    for (const [path, { earlier }] of describeTypes(jsonSchema(options), name)) {
      const isSaved = saved.values.some((value) => value.path === path || liesIn(value.path, path));
      if (earlier !== undefined && !isSaved) layers.set(path, earlier, 'before this option');
    }
  }
  return layers;
}

function unlessBug(error: unknown): undefined {
  if (!(error instanceof NcnError)) throw error;
}

/** @param before as it was saved; undefined where that cannot be restored any more */
function changesBetween(
  saved: SavedConfig,
  before: ResolvedExperiment | undefined,
  after: ResolvedExperiment,
): ConfigChange[] {
  const was = new Map((before ?? saved).values.map(({ path, value }) => [path, value]));
  const paths = new Set(after.values.filter(isPath).map(({ path }) => path));
  const values = after.values
    .map(({ path, value }) => ({ path, before: was.get(path) ?? null, after: value }))
    .filter(
      (change) =>
        canonicalJson(change.before) !== canonicalJson(change.after) &&
        !(paths.has(change.path) && isSameFile(saved.places[change.path], change)),
    );
  const had = new Set(saved.plugins.map(({ name }) => name));
  const has = new Set(after.plugins.map(({ loaded }) => loaded.plugin.name));
  const differing = (some: Set<string>, others: Set<string>): string[] =>
    [...some].filter((name) => !others.has(name));
  const [removed, added] = [differing(had, has), differing(has, had)];
  if (removed.length + added.length === 0) return values;
  return [{ path: 'plugins', before: removed, after: added }, ...values];
}

/** Whether what an option names has the content that the run was made with. */
function isSameFile(place: Place | undefined, { before, after }: ConfigChange): boolean {
  if (typeof before !== 'string' || typeof after !== 'string') return false;
  const content = contentOf(after);
  return content !== undefined && content === (place?.sha256 ?? contentOf(before));
}

/**
 * The configuration with these sealed values in place of its own: of another moment of the run, or
 * of another version. Plugins that they do not name are left out.
 */
export function withSealed(saved: SavedConfig, sealed: JsonObject): SavedConfig {
  const names = Array.isArray(sealed['plugins']) ? sealed['plugins'].map(String) : [];
  // In the order of the run: hooks are tapped in it, and sums of losses are of it.
  const plugins = [
    ...saved.plugins.filter(({ name }) => names.includes(name)),
    ...names
      .filter((name) => !saved.plugins.some((plugin) => plugin.name === name))
      .map((name) => ({ name, version: '', spec: name })),
  ];
  const gone = saved.plugins.filter(({ name }) => !names.includes(name));
  const known = new Map(saved.values.map((value) => [value.path, value]));
  const about = { origin: 'checkpoint', type: '', description: '' };
  const values = Object.entries(sealed).flatMap(([path, value]) =>
    path === 'plugins' ||
    path === 'data set' ||
    gone.some(({ name }) => path.startsWith(`${name}.`))
      ? []
      : [
          {
            ...about,
            ...known.get(path),
            path,
            value: unsealedValue(value, known.get(path)?.value),
          },
        ],
  );
  const others = saved.values.filter(({ path }) => unsealed.has(path));
  return { ...saved, plugins, values: [...values, ...others] };
}

/** Where a file is now stands in the configuration alone, and so does the order of what a value holds. */
const unsealedValue = (sealed: JsonValue, now: JsonValue | undefined): JsonValue =>
  now !== undefined && (isSealedPath(sealed) || canonicalJson(sealed) === canonicalJson(now))
    ? now
    : sealed;

/** The run's values do not depend on its preset any more: it may be gone. */
function findPreset(name: string, library: PresetLibrary): Preset {
  const known = library.list().find((preset) => preset.name === name);
  return known ?? definePreset({ name, summary: '(this preset is gone)', plugins: [] });
}

const majorOf = (version: string): string => version.split('.')[0] ?? version;
