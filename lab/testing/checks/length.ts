import { jsonSchema, updateNumbersIn } from '../../../core/experiment/units.js';
import { experimentTooLong } from '../../errors/conformance.js';
import type { Subject } from '../conformance.js';
import { prepareTiny } from '../prepare.js';
import { tinyUpdates } from '../run.js';

/** Updates of all phases together that a check may take. */
const limit = 200;

/**
 * Whether the experiment is as short as checks need it: each runs it several times.
 * @throws NcnError naming the options that lengthen it
 */
export async function checkLength({ plugins, name, experiment }: Subject): Promise<void> {
  // As checks train it: other presets are as long as documented otherwise.
  const values = { updates: tinyUpdates, ...experiment.values };
  const { built, experiment: resolved } = await prepareTiny({ ...experiment, values });
  const phases = built.blueprint.phases.map((phase) => [phase.name, phase.updates] as const);
  if (phases.reduce((sum, [, updates]) => sum + updates, 0) <= limit) return;
  const options = plugins.flatMap((plugin) => {
    const given = resolved.plugins.find(({ loaded }) => loaded.plugin.name === plugin.name);
    return updateNumbersIn(jsonSchema(plugin.options), given?.options ?? {})
      .filter(([, updates]) => updates > limit / 10)
      .map(([path, updates]) => [`${plugin.name}.${path}`, updates] as const);
  });
  throw experimentTooLong(name, phases, options);
}
