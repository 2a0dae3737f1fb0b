import { PresetLibrary } from '../../core/experiment/library.js';
import { resolveExperiment } from '../../core/experiment/resolve.js';
import { PluginLoader } from '../../core/plugins/loader.js';
import type { Plugin } from '../../core/plugins/plugin.js';
import type { JsonValue } from '../../core/run/json.js';
import { createLog } from '../../core/services/log.js';
import { Terminal } from '../../core/services/terminal.js';
import { prepare, type Host, type Prepared } from '../../core/trainer/build/prepare.js';
import { tinyData, tinyPresets, tinyValues } from './base.js';

/** What a tiny experiment is made of. */
export interface TinyExperiment {
  /** `tiny` (default), `tiny-gan`, or any other preset, which is made tiny. */
  readonly preset?: string;
  /** Plugins to add: as objects, or as `--plugin` takes them. One of a preset's name replaces it. */
  readonly plugins?: readonly (Plugin | string)[];
  /** Plugins of the preset to leave out. */
  readonly without?: readonly string[];
  /** Values by path: `{ 'my.loss.weight': 0.5 }`. */
  readonly values?: Readonly<Record<string, JsonValue>>;
}

let library: Promise<PresetLibrary> | undefined;

async function openLibrary(): Promise<PresetLibrary> {
  const opened = await PresetLibrary.load();
  for (const preset of tinyPresets) opened.add(preset);
  return opened;
}

/** Shows nothing but warnings. */
export function quietHost(): Host {
  const terminal = new Terminal('quiet');
  return { terminal, log: createLog(terminal) };
}

/**
 * Resolves an experiment made tiny and builds its steps, as a run does; nothing is written.
 * @throws NcnError as `ncn` does
 */
export async function prepareTiny(
  { preset = 'tiny', plugins = [], without = [], values = {} }: TinyExperiment,
  shown: Host = quietHost(),
): Promise<Prepared> {
  const presets = await (library ??= openLibrary());
  const loader = new PluginLoader();
  const specs = [tinyData, ...plugins].map((plugin) =>
    typeof plugin === 'string' ? plugin : loader.adopt(plugin).spec,
  );
  const request = { preset, plugins: specs, without };
  const given = Object.entries(values).map(([path, value]) => [path, value, 'test'] as const);
  const probe = await resolveExperiment({ ...request, set: given }, presets, loader);
  const used = probe.plugins.map(({ loaded }) => loaded.plugin.name);
  const tiny = Object.entries(tinyValues).filter(
    ([path]) => !path.includes('.') || used.some((name) => path.startsWith(`${name}.`)),
  );
  const set = [...tiny.map(([path, value]) => [path, value, 'test'] as const), ...given];
  return prepare(await resolveExperiment({ ...request, set }, presets, loader), shown);
}
