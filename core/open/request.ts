import { checkedPreset } from '../experiment/checked-preset.js';
import { isPreset, use, type PluginUse } from '../experiment/preset.js';
import type { ExperimentRequest } from '../experiment/resolve.js';
import { isPlugin } from '../plugins/loader.js';
import type { Plugin } from '../plugins/plugin.js';
import type { JsonValue as Json } from '../run/json.js';
import { engineName } from './sessions.js';
import type { Surroundings } from './surroundings.js';
import type { ChangeOptions, ExperimentOptions, ExperimentSource, PluginSource } from './types.js';

/** What a value says of where it comes from when a caller's options set it. */
const origin = 'options';

/**
 * What a caller's source and options ask for. Makes its presets, profiles and plugins known.
 * @throws NcnError for a definition that is none
 */
export function requestOf(
  source: ExperimentSource,
  options: ExperimentOptions,
  around: Surroundings,
): ExperimentRequest {
  const { profile, variant } = options;
  if (typeof profile === 'object') around.library.addProfile(profile);
  const profileName = typeof profile === 'object' ? profile.name : profile;
  return {
    preset: presetOf(source, around),
    ...(profileName === undefined ? {} : { profile: profileName }),
    ...(variant === undefined ? {} : { variant }),
    ...changesOf(options, around),
  };
}

/** Plugins and values that options ask for. Makes plugin objects known. */
export function changesOf(
  options: ChangeOptions,
  { loader }: Surroundings,
): Pick<ExperimentRequest, 'plugins' | 'without'> & Required<Pick<ExperimentRequest, 'set'>> {
  const { plugins = [], without = [] } = options;
  const specOf = (plugin: string | Plugin): string =>
    typeof plugin === 'string' ? plugin : loader.adopt(plugin).spec;
  return { plugins: plugins.map(specOf), without, set: valuesOf(options) };
}

function valuesOf(options: ChangeOptions): (readonly [string, Json, string])[] {
  const { seed, updates, batch, dataset, data, engine, threads, set = {} } = options;
  const named = { seed, updates, batch, dataset, data, engine: engineName(engine), threads };
  return Object.entries({ ...named, ...set }).flatMap(([path, value]) =>
    value === undefined ? [] : [[path, value, origin] as const],
  );
}

function presetOf(source: ExperimentSource, { library, loader }: Surroundings): string {
  if (typeof source === 'string') return source;
  if (isPreset(source)) {
    library.add(source);
    return source.name;
  }
  const useOf = (plugin: PluginSource): PluginUse => {
    if (typeof plugin === 'string') return use(plugin);
    if (isPlugin(plugin)) return use(loader.adopt(plugin).spec);
    const spec = isPlugin(plugin.plugin) ? loader.adopt(plugin.plugin).spec : plugin.plugin;
    return use(spec, plugin.options);
  };
  const { name = 'experiment', summary = '', plugins, ...rest } = source;
  const definition = { ...rest, name, summary, plugins: plugins.map(useOf) };
  library.add(checkedPreset('The definition', definition));
  return name;
}
