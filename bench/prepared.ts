import { PresetLibrary } from '../core/experiment/library.js';
import { resolveExperiment, type ExperimentRequest } from '../core/experiment/resolve.js';
import { PluginLoader } from '../core/plugins/loader.js';
import type { JsonValue } from '../core/run/json.js';
import { quietHost } from '../lab/testing/prepare.js';
import { prepare, type Prepared } from '../core/trainer/build/prepare.js';

/** A preset with these values, its steps built, without output. */
export async function preparePreset(
  preset: string,
  values: Readonly<Record<string, JsonValue>>,
  more: Pick<ExperimentRequest, 'profile' | 'without'> = {},
): Promise<Prepared> {
  const set = Object.entries(values).map(([path, value]) => [path, value, 'bench'] as const);
  const experiment = await resolveExperiment(
    { preset, set, ...more },
    await PresetLibrary.load(),
    new PluginLoader(),
  );
  return prepare(experiment, quietHost());
}
