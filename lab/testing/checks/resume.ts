import { messageOf } from '../../../core/errors/error.js';
import { notConforming } from '../../errors/conformance.js';
import type { Subject } from '../conformance.js';
import { tinyRun, type TinyRun } from '../run.js';
import { expectEqual } from './compare.js';

const check = 'a run that was stopped and resumed equals one that was not';
const hint =
  'What the plugin must remember it declares with persist({ schema, save, restore }); what belongs to the training step, with hooks.transforms.';

/** Stops after update 3 of 5, between a checkpoint and an evaluation, and resumes. */
export async function checkResume({ name, experiment, first }: Subject): Promise<void> {
  const { run: whole } = await first();
  let resumed: TinyRun;
  try {
    resumed = await tinyRun({ ...experiment, interruptAfter: 3 });
  } catch (error) {
    throw notConforming(name, check, `resuming failed: ${messageOf(error)}`, hint, error);
  }
  expectEqual(name, check, [whole, resumed], hint);
}
