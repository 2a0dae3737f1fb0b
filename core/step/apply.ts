import * as tf from '@tensorflow/tfjs-core';
import type { Scalar, Tensor } from '@tensorflow/tfjs-core';
import { withScope } from '../attribution/scope.js';
import type { BatchMoments } from './batch-norm.js';
import type { Capture } from './capture.js';
import { need, optimizerScalar, slotName, type UpdatePlan } from './plan.js';
import { asScalar } from './rank.js';

/** Prefixes under which a capture carries what is applied out of the gradient function. */
const momentPrefix = 'moment:';
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
  for (const name of Object.keys(plan.optimizer.scalars(1, 1))) {
    const full = optimizerScalar(index, owner, name);
    steps.set(name, asScalar(need(scalars, full), full));
  }
  for (const name of weights) {
    const slots = new Map(
      plan.optimizer.slots.map((slot) => [slot, need(state, slotName(plan.phase, name, slot))]),
    );
    const next = withScope(`/optimizer/${plan.phase}/${name}`, () =>
      plan.optimizer.apply({
        name,
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

/**
 * Carries the statistics of one pass of a layer of batch normalisation out of the gradient function.
 * @param pass which pass of the update: 0, 1, …
 * @param layer with its network: `generator/bn1`
 * @param momentum how much of the old average is kept
 */
export function holdMoments(
  capture: Capture,
  pass: number,
  layer: string,
  { mean, variance }: BatchMoments,
  momentum: number,
): void {
  const id = `${momentPrefix}${pass}:${momentum}:${layer}`;
  capture.hold(`${id}/moving_mean`, mean);
  capture.hold(`${id}/moving_variance`, variance);
}

/** Moves the averages of batch normalisation towards each pass's statistics, in order. */
export function moveAverages(
  owner: string,
  state: Map<string, Tensor>,
  captured: ReadonlyMap<string, Tensor>,
): void {
  for (const [key, statistic] of captured) {
    if (!key.startsWith(momentPrefix)) continue;
    const [, , momentum, ...rest] = key.split(':');
    const name = rest.join(':');
    if (!name.startsWith(`${owner}/`)) continue;
    const kept = Number(momentum);
    const moved = withScope(`/moving_averages/${name}`, () =>
      tf.add(tf.mul(need(state, name), kept), tf.mul(statistic, 1 - kept)),
    );
    state.set(name, moved);
  }
}
