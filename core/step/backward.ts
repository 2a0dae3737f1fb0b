import * as tf from '@tensorflow/tfjs-core';
import type { Scalar, Tensor } from '@tensorflow/tfjs-core';
import { currentContributor, withContributor } from '../attribution/contributor.js';
import { currentScope } from '../attribution/scope.js';
import { gradientFailed, gradientMissing, lossGradientFailed } from '../errors/gradient.js';
import type { DifferentiatedOperation } from '../errors/gradient.js';
import { badContribution } from '../errors/plugin.js';
import { whenRecorded } from './tape.js';

/** The operation whose gradient is being computed. */
let running: DifferentiatedOperation | undefined;

/**
 * tf.js computes gradients when the code that asked for an operation has long returned. So each
 * operation remembers whose it was, and where: a gradient that fails says so.
 */
whenRecorded((tape) => {
  const node = tape.at(-1);
  if (node === undefined) return;
  const { gradient, kernelName } = node;
  const contributor = currentContributor();
  const operation: DifferentiatedOperation =
    running === undefined
      ? { kernel: kernelName, contributor, scope: currentScope() }
      : // An operation of a gradient is differentiated in its turn.
        {
          ...running,
          kernel: kernelName,
          again: contributor === running.contributor ? undefined : contributor,
        };
  node.gradient = (dys) =>
    inNameOf(operation, () => {
      if (gradient === undefined) throw gradientMissing(operation);
      const parts = Object.entries(gradient(dys));
      return Object.fromEntries(
        parts.map(([input, compute]) => [input, () => inNameOf(operation, compute)]),
      );
    });
});

function inNameOf<T>(operation: DifferentiatedOperation, body: () => T): T {
  const outer = running;
  running = operation;
  try {
    const { contributor } = operation;
    // A plugin that takes a gradient itself keeps its name.
    if (contributor === undefined || currentContributor() !== undefined) return body();
    return withContributor(contributor, body);
  } catch (error) {
    throw gradientFailed(operation, error);
  } finally {
    running = outer;
  }
}

/**
 * The value of a network's whole loss and its gradients for the network's weights, in their order.
 * @param weights by name; `loss` is given their tensors in this order
 * @throws NcnError that names the network, and the weight or the operation, where there is none
 */
export function valueAndGradients(
  network: string,
  loss: (...weights: Tensor[]) => Scalar,
  weights: ReadonlyMap<string, Tensor>,
): { value: Scalar; grads: Tensor[] } {
  if (weights.size === 0) throw badContribution(`Network '${network}' has no weights to train.`);
  const { value, grads } = backward(network, loss, [...weights.values()]);
  const without = [...weights.keys()].filter((_, i) => grads[i] === undefined);
  if (without.length === 0) return { value, grads: grads.filter((grad) => grad !== undefined) };
  throw badContribution(
    `No loss term of '${network}' depends on ${without.map((name) => `'${name}'`).join(', ')}, so there is no gradient.`,
    'Use the weight in forward(), or do not ask for it. What is kept but not learned is a buffer (layers.buffer).',
  );
}

function backward(
  network: string,
  loss: (...weights: Tensor[]) => Scalar,
  weights: Tensor[],
): { value: Scalar; grads: readonly (Tensor | undefined)[] } {
  let value: Scalar | undefined;
  const forward = (): Scalar => (value = loss(...weights));
  try {
    return tf.engine().gradients(forward, weights, undefined, true);
  } catch (error) {
    // What the loss itself threw has its own name.
    throw value === undefined ? error : lossGradientFailed(network, error);
  }
}
