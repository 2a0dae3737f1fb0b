import { z } from 'zod';
import { pluginVersionChanged } from '../errors/config.js';
import type { PluginLoader } from '../plugins/loader.js';
import type { JsonValue } from '../run/json.js';
import { LayeredValues } from './layers.js';
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
  plugins: z.array(z.object({ name: z.string(), version: z.string(), spec: z.string() })),
  values: z.array(
    z.object({
      path: z.string(),
      value: json,
      origin: z.string(),
      type: z.string(),
      description: z.string(),
    }),
  ),
});

export type SavedConfig = z.infer<typeof savedConfigSchema>;

export function saveConfig(experiment: ResolvedExperiment): SavedConfig {
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
    })),
    values: experiment.values.map((value) => ({ ...value })),
  };
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
  for (const { spec, version } of saved.plugins) {
    const { plugin, file } = await gathered.add(spec);
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
