import { notConforming } from '../../errors/conformance.js';
import type { Subject } from '../conformance.js';

const check = 'no tensor leaks';
const hint =
  'Use tf.tidy() around what a run hook computes, dispose of what you keep, and keep no tensor of the training step.';

/** Counts tensors after each update, and after the run. */
export async function checkTensors({ plugin, eager }: Subject): Promise<void> {
  const { tensors, tensorsLeft } = await eager();
  // Of two updates with an evaluation between them.
  const [before = 0, after = 0] = [tensors[2], tensors[4]];
  if (after > before) {
    const what = `the number of tensors grew over the updates: ${tensors.join(', ')}.`;
    throw notConforming(plugin.name, check, what, hint);
  }
  if (tensorsLeft > 0) {
    throw notConforming(plugin.name, check, `${tensorsLeft} tensors are left after the run.`, hint);
  }
}
