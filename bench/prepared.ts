import type { OpenExperiment } from '../core/open/experiment.js';
import { openWith } from '../core/open/open.js';
import { silentSurroundings } from '../core/open/surroundings.js';
import type { ExperimentOptions } from '../core/open/types.js';
import type { JsonValue } from '../core/run/json.js';
import type { Prepared } from '../core/trainer/build/prepare.js';

type Values = Readonly<Record<string, JsonValue>>;

/** A preset with these values, without output. */
export async function openPreset(
  preset: string,
  values: Values,
  more: ExperimentOptions = {},
): Promise<OpenExperiment> {
  return openWith(await silentSurroundings(more), preset, { ...more, set: values });
}

/** The same with its steps built, for whoever runs them by itself. */
export async function preparePreset(
  preset: string,
  values: Values,
  more: ExperimentOptions = {},
): Promise<Prepared> {
  return (await openPreset(preset, values, more)).prepare();
}
