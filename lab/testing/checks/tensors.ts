import { notConforming } from '../../errors/conformance.js';
import type { Subject } from '../conformance.js';

const check = 'no tensor leaks';
const hint =
  'Use tf.tidy() around what a run hook computes, dispose of what you keep, and keep no tensor of the training step.';

/** Counts tensors after each update, and after the run. */
export async function checkTensors({ name, eager }: Subject): Promise<void> {
  const { tensors, tensorsLeft } = await eager();
  // Of updates without an evaluation, with one between them: the last ones, as a phase brings its own.
  const [before = 0, after = 0] = [tensors.at(-4), tensors.at(-1)];
  if (after > before) {
    const what = `the number of tensors grew over the updates: ${tensors.join(', ')}.`;
    throw notConforming(name, check, what, hint);
  }
  if (tensorsLeft > 0) {
    throw notConforming(name, check, `${tensorsLeft} tensors are left after the run.`, hint);
  }
}
