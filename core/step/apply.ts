import * as tf from '@tensorflow/tfjs-core';
import type { Scalar, Tensor } from '@tensorflow/tfjs-core';
import { withScope } from '../attribution/scope.js';
import { bnMomentum } from './batch-norm.js';
import { need, optimizerScalar, slotName, type UpdatePlan } from './plan.js';
import { asScalar } from './rank.js';

/** Prefixes under which a capture carries what is applied out of the gradient function. */
export const momentPrefix = 'moment:';
export const bufferPrefix = 'buffer:';

/** Gives a network's weights and its optimizer's slots their next values, in `state`. */
export function applyGradients(
  plan: UpdatePlan,
  index: number,
  state: Map<string, Tensor>,
  weights: readonly string[],
  grads: readonly Tensor[],
  scalars: ReadonlyMap<string, Tensor>,
): void {
  const owner = plan.network.definition.name;
  let gradients: ReadonlyMap<string, Tensor> = new Map(
    weights.flatMap((name, i) => {
      const gradient = grads[i];
      return gradient === undefined ? [] : [[name, gradient] as const];
    }),
  );
  for (const transform of plan.gradientTransforms) {
    gradients = withScope(`/gradient_transforms/${owner}`, () => transform.apply(owner, gradients));
  }
  const steps = new Map<string, Scalar>();
  for (const name of Object.keys(plan.optimizer.scalars(1))) {
    const full = optimizerScalar(index, owner, name);
    steps.set(name, asScalar(need(scalars, full), full));
  }
  for (const name of weights) {
    const slots = new Map(
      plan.optimizer.slots.map((slot) => [slot, need(state, slotName(plan.phase, name, slot))]),
    );
    const next = withScope(`/optimizer/${plan.phase}/${name}`, () =>
      plan.optimizer.apply({
        value: need(state, name),
        gradient: need(gradients, name),
        slots,
        scalars: steps,
      }),
    );
    state.set(name, next.value);
    for (const [slot, tensor] of next.slots) state.set(slotName(plan.phase, name, slot), tensor);
  }
}

/** Gives the buffers that were assigned their next values. */
export function setBuffers(
  state: Map<string, Tensor>,
  captured: ReadonlyMap<string, Tensor>,
): void {
  for (const [key, value] of captured) {
    if (key.startsWith(bufferPrefix)) state.set(key.slice(bufferPrefix.length), value);
  }
}

/** Moves the averages of batch normalisation towards each pass's statistics, in order. */
export function moveAverages(
  owner: string,
  state: Map<string, Tensor>,
  captured: ReadonlyMap<string, Tensor>,
): void {
  for (const [key, statistic] of captured) {
    if (!key.startsWith(momentPrefix)) continue;
    const name = key.slice(key.indexOf(':', momentPrefix.length) + 1);
    if (!name.startsWith(`${owner}/`)) continue;
    const moved = withScope(`/moving_averages/${name}`, () =>
      tf.add(tf.mul(need(state, name), bnMomentum), tf.mul(statistic, 1 - bnMomentum)),
    );
    state.set(name, moved);
  }
}
