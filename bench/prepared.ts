import { PresetLibrary } from '../core/experiment/library.js';
import { resolveExperiment } from '../core/experiment/resolve.js';
import * as host from '../core/index.js';
import { PluginLoader } from '../core/plugins/loader.js';
import type { JsonValue } from '../core/run/json.js';
import { createLog } from '../core/services/log.js';
import { Terminal } from '../core/services/terminal.js';
import { prepare, type Prepared } from '../core/trainer/prepare.js';

/** A preset with these values, its steps built, without output. */
export async function preparePreset(
  preset: string,
  values: Readonly<Record<string, JsonValue>>,
  profile?: string,
): Promise<Prepared> {
  const terminal = new Terminal('quiet');
  const set = Object.entries(values).map(([path, value]) => [path, value, 'bench'] as const);
  const request = { preset, set, ...(profile === undefined ? {} : { profile }) };
  const experiment = await resolveExperiment(
    request,
    await PresetLibrary.load(),
    new PluginLoader(host),
  );
  return prepare(experiment, { terminal, log: createLog(terminal) });
}
