import { existsSync } from 'node:fs';
import { z } from 'zod';
import { pluginVersionChanged } from '../errors/config.js';
import { changeSchema, type RunChange } from '../run/changes.js';
import type { PluginLoader } from '../plugins/loader.js';
import type { JsonValue } from '../run/json.js';
import { LayeredValues } from './layers.js';
import { foundAt, placeOf, placeSchema, type Place } from './places.js';
import { PluginSet } from './plugin-set.js';
import { definePreset, type Preset } from './preset.js';
import type { PresetLibrary } from './library.js';
import { assemble, type ResolvedExperiment } from './resolve.js';

const json = z.custom<JsonValue>((value) => value !== undefined);

/** `config.json` of a run: every value with its origin, enough to resolve it again. */
export const savedConfigSchema = z.object({
  format: z.literal(1),
  preset: z.string(),
  profile: z.string(),
  variant: z.string().nullable(),
  plugins: z.array(
    z.object({
      name: z.string(),
      version: z.string(),
      spec: z.string(),
      /** Of one that was given by path. */
      place: placeSchema.exactOptional(),
    }),
  ),
  /** Of values that are paths: a data set's folder. */
  places: z.record(z.string(), placeSchema).default({}),
  values: z.array(
    z.object({
      path: z.string(),
      value: json,
      origin: z.string(),
      type: z.string(),
      description: z.string(),
    }),
  ),
  /** What was accepted on resume, in order; the values are those after all of it. */
  changes: z.array(changeSchema).default([]),
});

export type SavedConfig = z.infer<typeof savedConfigSchema>;

/**
 * @param directory of the run; undefined where there is none, and so nothing to find again
 * @param changes that were accepted so far @param fresh those of them that are new
 */
export function saveConfig(
  experiment: ResolvedExperiment,
  directory?: string,
  changes: readonly RunChange[] = [],
  fresh: readonly RunChange[] = [],
): SavedConfig {
  const since = new Map(
    fresh.flatMap(({ update, values }) => values.map(({ path }) => [path, update] as const)),
  );
  return {
    format: 1,
    preset: experiment.preset.name,
    profile: experiment.profile,
    variant: experiment.variant,
    plugins: experiment.plugins.map(({ loaded: { plugin, spec, file, how } }) => ({
      name: plugin.name,
      version: plugin.version,
      // A path must be found again from any folder.
      spec: how === 'path' ? file : spec,
      ...(how === 'path' && directory !== undefined ? { place: placeOf(file, directory) } : {}),
    })),
    places: directory === undefined ? {} : placesOf(experiment, directory),
    values: experiment.values.map((value) => {
      const update = since.get(value.path);
      return update === undefined
        ? { ...value }
        : { ...value, origin: `${value.origin}, after update ${update}` };
    }),
    changes: [...changes],
  };
}

/** What a data set's name says after its kind: `small` of `idx:small`. */
const folderIn = (dataset: string): string | undefined => /^[^:]+:(.+)$/.exec(dataset)?.[1];

function placesOf({ core }: ResolvedExperiment, directory: string): Record<string, Place> {
  const given = { data: core.data ?? undefined, dataset: folderIn(core.dataset) };
  return Object.fromEntries(
    Object.entries(given).flatMap(([name, path]) =>
      path !== undefined && existsSync(path) ? [[name, placeOf(path, directory)]] : [],
    ),
  );
}

/** The saved configuration with its paths as they are now; those that are gone stay. */
export function located(saved: SavedConfig, directory: string): SavedConfig {
  const values = saved.values.map((entry) => {
    const { path, value } = entry;
    const place = saved.places[path];
    const found = place === undefined ? undefined : foundAt(place, directory);
    if (found === undefined || typeof value !== 'string') return entry;
    const folder = folderIn(value);
    const now =
      path === 'dataset' && folder !== undefined
        ? `${value.slice(0, value.length - folder.length)}${found}`
        : found;
    return { ...entry, value: now };
  });
  const plugins = saved.plugins.map((plugin) => {
    const found = plugin.place === undefined ? undefined : foundAt(plugin.place, directory);
    return found === undefined ? plugin : { ...plugin, spec: found };
  });
  return { ...saved, values, plugins };
}

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
 * The experiment of a saved configuration, with some values and plugins changed.
 * @throws NcnError when a plugin is gone, has another major version, or a value does not fit
 */
export async function restoreExperiment(
  saved: SavedConfig,
  request: RestoreRequest,
  library: PresetLibrary,
  loader: PluginLoader,
): Promise<{ experiment: ResolvedExperiment; changes: ConfigChange[] }> {
  const gathered = new PluginSet(loader);
  const named = new Map<string, string>();
  for (const spec of request.plugins ?? []) {
    named.set((await loader.load(spec)).plugin.name, spec);
  }
  for (const { name, spec, version } of saved.plugins) {
    // One that is named anew is that one: its file may have been moved.
    const { plugin, file } = await gathered.add(named.get(name) ?? spec);
    if (majorOf(version) !== majorOf(plugin.version)) {
      throw pluginVersionChanged(plugin.name, version, plugin.version, file);
    }
  }
  for (const spec of request.plugins ?? []) await gathered.add(spec);
  const plugins = gathered.complete(request.without);
  const used = new Set(plugins.map(({ plugin }) => plugin.name));
  const gone = saved.plugins.filter(({ name }) => !used.has(name));
  const layers = new LayeredValues();
  for (const { path, value, origin } of saved.values) {
    if (!gone.some(({ name }) => path.startsWith(`${name}.`))) layers.set(path, value, origin);
  }
  for (const [path, value, origin] of request.set) layers.set(path, value, origin);
  const preset = findPreset(saved.preset, library);
  const { profile, variant } = saved;
  const experiment = assemble(layers, plugins, { preset, profile, variant });
  return { experiment, changes: changesBetween(saved, experiment) };
}

function changesBetween(saved: SavedConfig, experiment: ResolvedExperiment): ConfigChange[] {
  const before = new Map(saved.values.map(({ path, value }) => [path, value]));
  const values = experiment.values
    .filter(({ path, value }) => JSON.stringify(before.get(path)) !== JSON.stringify(value))
    .map(({ path, value }) => ({ path, before: before.get(path) ?? null, after: value }));
  const had = new Set(saved.plugins.map(({ name }) => name));
  const has = new Set(experiment.plugins.map(({ loaded }) => loaded.plugin.name));
  const differing = (some: Set<string>, others: Set<string>): string[] =>
    [...some].filter((name) => !others.has(name));
  const [removed, added] = [differing(had, has), differing(has, had)];
  if (removed.length + added.length === 0) return values;
  return [{ path: 'plugins', before: removed, after: added }, ...values];
}

/** The run's values do not depend on its preset any more: it may be gone. */
function findPreset(name: string, library: PresetLibrary): Preset {
  const known = library.list().find((preset) => preset.name === name);
  return known ?? definePreset({ name, summary: '(this preset is gone)', plugins: [] });
}

const majorOf = (version: string): string => version.split('.')[0] ?? version;
