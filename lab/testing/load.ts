import { fileURLToPath } from 'node:url';
import { PresetLibrary } from '../../core/experiment/library.js';
import type { Preset } from '../../core/experiment/preset.js';
import { PluginLoader } from '../../core/plugins/loader.js';
import type { Plugin } from '../../core/plugins/plugin.js';

const toPath = (place: string | URL): string =>
  typeof place === 'string' ? place : fileURLToPath(place);

/**
 * Loads a plugin as `--plugin` does: `await loadPlugin(new URL('..', import.meta.url))`.
 * @throws NcnError as `ncn` does
 */
export async function loadPlugin(place: string | URL): Promise<Plugin> {
  return (await new PluginLoader().load(toPath(place))).plugin;
}

/** Loads a preset as `--preset` does. @throws NcnError as `ncn` does */
export async function loadPreset(place: string | URL): Promise<Preset> {
  const library = await PresetLibrary.load();
  return library.preset(await library.open(toPath(place)));
}
