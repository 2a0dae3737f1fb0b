import { z } from 'zod';
import { pluginVersionChanged } from '../errors/config.js';
import type { PluginLoader } from '../plugins/loader.js';
import type { JsonValue } from '../run/json.js';
import { LayeredValues } from './layers.js';
import { definePreset, type Preset } from './preset.js';
import type { PresetLibrary } from './library.js';
import { assemble, type Experiment } from './resolve.js';

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

export function saveConfig(experiment: Experiment): SavedConfig {
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

/** A value that a resumed run would have changed. */
export interface ConfigChange {
  readonly path: string;
  readonly before: JsonValue;
  readonly after: JsonValue;
}

/**
 * The experiment of a saved configuration, with some values changed.
 * @param set values by path, each with its origin
 * @throws NcnError when a plugin is gone, has another major version, or a value does not fit
 */
export async function restoreExperiment(
  saved: SavedConfig,
  set: readonly (readonly [path: string, value: JsonValue, origin: string])[],
  library: PresetLibrary,
  loader: PluginLoader,
): Promise<{ experiment: Experiment; changes: ConfigChange[] }> {
  const plugins = await Promise.all(saved.plugins.map(({ spec }) => loader.load(spec)));
  plugins.forEach(({ plugin, file }, i) => {
    const before = saved.plugins[i];
    if (before === undefined || majorOf(before.version) === majorOf(plugin.version)) return;
    throw pluginVersionChanged(plugin.name, before.version, plugin.version, file);
  });
  const layers = new LayeredValues();
  for (const { path, value, origin } of saved.values) layers.set(path, value, origin);
  for (const [path, value, origin] of set) layers.set(path, value, origin);
  const preset = findPreset(saved.preset, library);
  const { profile, variant } = saved;
  const experiment = assemble(layers, plugins, { preset, profile, variant });
  return { experiment, changes: changesBetween(saved, experiment) };
}

function changesBetween(saved: SavedConfig, experiment: Experiment): ConfigChange[] {
  const before = new Map(saved.values.map(({ path, value }) => [path, value]));
  return experiment.values
    .filter(({ path, value }) => JSON.stringify(before.get(path)) !== JSON.stringify(value))
    .map(({ path, value }) => ({ path, before: before.get(path) ?? null, after: value }));
}

/** The run's values do not depend on its preset any more: it may be gone. */
function findPreset(name: string, library: PresetLibrary): Preset {
  const known = library.list().find((preset) => preset.name === name);
  return known ?? definePreset({ name, summary: '(this preset is gone)', plugins: [] });
}

const majorOf = (version: string): string => version.split('.')[0] ?? version;
