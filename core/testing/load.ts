import { fileURLToPath } from 'node:url';
import * as host from '../index.js';
import { PresetLibrary } from '../experiment/library.js';
import type { Preset } from '../experiment/preset.js';
import { PluginLoader } from '../plugins/loader.js';
import type { Plugin } from '../plugins/plugin.js';

const toPath = (place: string | URL): string =>
  typeof place === 'string' ? place : fileURLToPath(place);

/**
 * Loads a plugin as `--plugin` does: `await loadPlugin(new URL('..', import.meta.url))`.
 * @throws NcnError as `ncn` does
 */
export async function loadPlugin(place: string | URL): Promise<Plugin> {
  return (await new PluginLoader(host).load(toPath(place))).plugin;
}

/** Loads a preset as `--preset` does. @throws NcnError as `ncn` does */
export async function loadPreset(place: string | URL): Promise<Preset> {
  const library = await PresetLibrary.load(host);
  return library.preset(await library.open(toPath(place)));
}
