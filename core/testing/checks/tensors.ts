import { notConforming } from '../../errors/conformance.js';
import type { Subject } from '../conformance.js';

const check = 'no tensor leaks';
const hint =
  'Use tf.tidy() around what a run hook computes, dispose of what you keep, and keep no tensor of the training step.';

/** Counts tensors before each update, and after the run. */
export async function checkTensors({ plugin, eager }: Subject): Promise<void> {
  const { tensors, tensorsLeft } = await eager();
  // The first update makes the state; from the second on, the number must stay.
  const [, second = 0, ...rest] = tensors;
  if ((rest.at(-1) ?? second) > second) {
    const list = [second, ...rest].join(', ');
    const what = `the number of tensors grew over the updates: ${list}.`;
    throw notConforming(plugin.name, check, what, hint);
  }
  if (tensorsLeft > 0) {
    throw notConforming(plugin.name, check, `${tensorsLeft} tensors are left after the run.`, hint);
  }
}
