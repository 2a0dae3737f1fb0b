import { defineProfile } from '../../core/experiment/preset.js';
import { PresetLibrary } from '../../core/experiment/library.js';
import type { OpenExperiment } from '../../core/open/experiment.js';
import { openWith } from '../../core/open/open.js';
import type { ExperimentOptions } from '../../core/open/types.js';
import { PluginLoader } from '../../core/plugins/loader.js';
import type { Plugin } from '../../core/plugins/plugin.js';
import type { JsonValue } from '../../core/run/json.js';
import { createLog } from '../../core/services/log.js';
import { Terminal } from '../../core/services/terminal.js';
import type { Host, Prepared } from '../../core/trainer/build/prepare.js';
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

/** As a profile: values of plugins that an experiment does not use are left out. */
const tiny = defineProfile({ name: 'tiny', summary: 'for tests', set: tinyValues });

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

/** Opens an experiment made tiny. @throws NcnError as `ncn` does */
export async function openTiny(
  { preset = 'tiny', plugins = [], without = [], values = {} }: TinyExperiment,
  more: Pick<ExperimentOptions, 'engine' | 'threads'> = {},
  shown: Host = quietHost(),
): Promise<OpenExperiment> {
  const around = {
    ...shown,
    library: await (library ??= openLibrary()),
    loader: new PluginLoader(),
  };
  const options = { profile: tiny, plugins: [tinyData, ...plugins], without, set: values };
  return openWith(around, preset, { ...options, ...more });
}

/**
 * Resolves an experiment made tiny and builds its steps, as a run does; nothing is written.
 * @throws NcnError as `ncn` does
 */
export async function prepareTiny(experiment: TinyExperiment, shown?: Host): Promise<Prepared> {
  return (await openTiny(experiment, {}, shown)).prepare();
}
