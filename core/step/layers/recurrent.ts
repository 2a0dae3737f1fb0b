import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import { badLayerOption } from '../../errors/layer.js';
import { glorotUniform, orthogonal, zeros } from '../initializers.js';
import type { Initializer } from '../parameters.js';
import { asRank } from '../rank.js';
import type { Layer } from './layer.js';

export interface RecurrentOptions {
  /** Of the kernel for the input; Glorot-uniform by default. */
  readonly initializer?: Initializer;
  /** Of the kernel for the state; orthogonal by default. */
  readonly recurrentInitializer?: Initializer;
  /** From the last step to the first: `true` for the other half of a bidirectional network. */
  readonly backwards?: boolean;
}

/** One step: from the input's part and the state to the next state; the first is the output. */
type Step = (given: Tensor2D[], states: readonly Tensor2D[]) => Tensor2D[];

interface Cell {
  /** Gates, each as wide as the state. */
  readonly gates: number;
  /** States that are carried from step to step. */
  readonly states: number;
  readonly bias: Initializer;
  readonly step: (recurrent: Tensor2D, bias: Tensor) => Step;
}

/**
 * A gated recurrent unit over time: Cho et al. (2014), equations 5 to 8, with the reset gate behind
 * the product as in cuDNN and PyTorch. Unrolled: some ten operations for each step in the graph, and
 * three times as many in the backward pass.
 * @param x [batch, time, features] @returns [batch, time, units], from a state of zeros
 */
export const gru = (layer: Layer, x: Tensor, units: number, options: RecurrentOptions): Tensor3D =>
  recurrent(layer, x, units, options, {
    gates: 3,
    states: 1,
    bias: zeros,
    step:
      (kernel, bias) =>
      (given, [h]) => {
        const before = need(h);
        const [xr, xz, xn] = given;
        const [hr, hz, hn] = parts(tf.add(tf.matMul(before, kernel), bias), 3);
        const reset = tf.sigmoid(tf.add(need(xr), need(hr)));
        const update = tf.sigmoid(tf.add(need(xz), need(hz)));
        const candidate = tf.tanh(tf.add(need(xn), tf.mul(reset, need(hn))));
        return [tf.add(candidate, tf.mul(update, tf.sub(before, candidate)))];
      },
  });

/**
 * Long short-term memory over time: Hochreiter and Schmidhuber (1997) with the forget gate of Gers et
 * al. (2000), whose bias is 1 at first. Unrolled, as {@link gru}.
 * @param x [batch, time, features] @returns [batch, time, units], from states of zeros
 */
export const lstm = (layer: Layer, x: Tensor, units: number, options: RecurrentOptions): Tensor3D =>
  recurrent(layer, x, units, options, {
    gates: 4,
    states: 2,
    // Input, forget, candidate, output.
    bias: (out) => out.fill(0).fill(1, units, 2 * units),
    step:
      (kernel, bias) =>
      (given, [h, c]) => {
        const product = parts(tf.add(tf.matMul(need(h), kernel), bias), 4);
        const [i, f, g, o] = product.map((part, k) => tf.add<Tensor2D>(need(given[k]), part));
        const kept = tf.mul(tf.sigmoid(need(f)), need(c));
        const next = tf.add<Tensor2D>(kept, tf.mul(tf.sigmoid(need(i)), tf.tanh(need(g))));
        return [tf.mul<Tensor2D>(tf.sigmoid(need(o)), tf.tanh(next)), next];
      },
  });

function recurrent(
  layer: Layer,
  input: Tensor,
  units: number,
  options: RecurrentOptions,
  { gates, states, bias, step }: Cell,
): Tensor3D {
  const x = layer.input(input, 3, '[batch, time, features]');
  const { initializer = glorotUniform, recurrentInitializer = orthogonal, backwards } = options;
  const [batch, time, features] = x.shape;
  layer.count('units', units);
  if (layer.source.past !== undefined) {
    throw badLayerOption(
      layer,
      'its state cannot be carried from piece to piece of a recording',
      'Use causal convolutions (conv1d with pad: causal), or leave `stream` out of the network.',
    );
  }
  const weight = (part: string, shape: [number, number], init: Initializer): Tensor2D =>
    asRank(layer.weight(part, shape, init), 2, `${layer.name}/${part}`, `[${shape.join(', ')}]`);
  const kernel = weight('kernel', [features, gates * units], initializer);
  const own = weight('recurrent_kernel', [units, gates * units], recurrentInitializer);
  const offset = layer.weight('bias', [gates * units], zeros);
  const ownOffset = layer.weight('recurrent_bias', [gates * units], bias);
  const work = batch * time * gates * units * (features + units);
  const cheap = layer.standIn(x, [batch, time, units], work);
  if (cheap !== undefined) return cheap;
  // What does not depend on the state is one product for all steps.
  const rows = tf.reshape<tf.Rank.R2>(x, [batch * time, features]);
  const given = tf.reshape(tf.add(tf.matMul(rows, kernel), offset), [batch, time, gates * units]);
  const next = step(own, ownOffset);
  let state = Array.from({ length: states }, () => tf.zeros<tf.Rank.R2>([batch, units]));
  const outputs: Tensor2D[] = [];
  for (let i = 0; i < time; i++) {
    const at = backwards === true ? time - 1 - i : i;
    const now = tf.slice(given, [0, at, 0], [batch, 1, gates * units]);
    state = next(parts(tf.reshape<tf.Rank.R2>(now, [batch, gates * units]), gates), state);
    outputs.push(need(state[0]));
  }
  if (backwards === true) outputs.reverse();
  return layer.observed(asRank(tf.stack(outputs, 1), 3, layer.name, '[batch, time, units]'));
}

const parts = (x: Tensor, count: number): Tensor2D[] => tf.split<Tensor2D>(x, count, 1);

function need<T>(given: T | undefined): T {
  if (given === undefined) throw new TypeError('a recurrent cell lacks a part');
  return given;
}
