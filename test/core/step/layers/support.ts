import { expect } from 'vitest';
import type { Scalar, Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import type { BatchMoments } from '../../../../core/step/batch-norm.js';
import { Layers, type ParameterSource } from '../../../../core/step/layers.js';
import { asImages } from '../../../../core/step/rank.js';
import { tf } from '../../../../core/tf.js';
import { RandomStreams } from '../../../../core/random/streams.js';
import type { HostTensor } from '../../../../core/engine/types.js';
import { randomTensor } from '../../../engines/compiled/agree.js';

/** Numbers in double precision, row-major. */
export interface Doubles {
  readonly shape: readonly number[];
  readonly data: Float64Array;
}

export const sizeOf = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);

export function random(shape: readonly number[], seed: number, low = -1, high = 1): Doubles {
  return { shape, data: Float64Array.from(randomTensor(shape, seed, low, high).data) };
}

export const toTensor = ({ shape, data }: Doubles): Tensor =>
  tf.tensor(Float32Array.from(data), [...shape]);

/** Random images, or the kernel of a convolution. */
export const images = (shape: readonly [number, number, number, number], seed: number): Tensor4D =>
  asImages(toTensor(random(shape, seed)), 'x');

/** What a network declares: its parameters in order, its output's shape, its cost. */
export interface Declared {
  readonly parameters: ReadonlyMap<string, HostTensor>;
  readonly roles: ReadonlyMap<string, 'weight' | 'statistic'>;
  readonly shape: readonly number[];
  readonly multiplyAdds: number;
}

type Network = (layers: Layers) => Tensor;

/** Runs a network on stand-ins. The inputs that it closes over may be of any backend. */
export function declare(network: Network): Declared {
  const parameters = new Map<string, HostTensor>();
  const roles = new Map<string, 'weight' | 'statistic'>();
  const streams = new RandomStreams(3);
  let multiplyAdds = 0;
  const make =
    (role: 'weight' | 'statistic'): ParameterSource['weight'] =>
    (name, shape, initializer) => {
      const data = new Float32Array(sizeOf(shape));
      initializer(data, shape, streams.at(name));
      parameters.set(name, { shape: [...shape], data });
      roles.set(name, role);
      return tf.zeros([...shape]);
    };
  const source: ParameterSource = {
    weight: make('weight'),
    statistic: make('statistic'),
    standIn: (shape, work) => {
      multiplyAdds += work;
      return tf.zeros([...shape]);
    },
    normalisation: 'moving',
    moments: () => undefined,
    assign: () => undefined,
  };
  const shape = tf.tidy(() => network(new Layers(source)).shape);
  return { parameters, roles, shape, multiplyAdds };
}

/** Layers whose parameters are given. */
export function bound(
  parameters: ReadonlyMap<string, Tensor>,
  normalisation: 'batch' | 'moving' = 'batch',
  moments: (name: string, moments: BatchMoments, momentum: number) => void = () => undefined,
): Layers {
  const find = (name: string): Tensor => {
    const tensor = parameters.get(name);
    if (tensor === undefined) throw new Error(`no ${name}`);
    return tensor;
  };
  return new Layers({
    weight: find,
    statistic: find,
    normalisation,
    moments,
    assign: () => undefined,
  });
}

export function expectClose(actual: Tensor, expected: Doubles, tolerance = 1e-5): void {
  expect(actual.shape).toEqual(expected.shape);
  closeTo(actual.dataSync(), expected.data, tolerance);
}

function closeTo(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number): void {
  expect(actual.length).toBe(expected.length);
  const scale = Array.from(expected).reduce((most, v) => Math.max(most, Math.abs(v)), 0.1);
  for (let i = 0; i < expected.length; i++) {
    const difference = Math.abs((actual[i] ?? NaN) - (expected[i] ?? NaN));
    expect(difference, `value ${i}: ${actual[i]}, expected ${expected[i]}`).toBeLessThan(
      tolerance * scale,
    );
  }
}

/** A layer, and the same in plain loops in double precision. */
export interface Pair {
  readonly layer: (layers: Layers, x: Tensor) => Tensor;
  /** Names of the layer's parameters, in the order of the inputs after the first. */
  readonly parameters: readonly string[];
  readonly plain: (...inputs: Doubles[]) => Doubles;
  /** What the layer is given, and its parameters. */
  readonly inputs: readonly Doubles[];
}

const ours =
  ({ layer, parameters }: Pair) =>
  (x: Tensor, ...values: Tensor[]): Tensor =>
    layer(bound(new Map(parameters.map((name, i) => [name, values[i] ?? tf.scalar(NaN)]))), x);

/** Compares values and gradients for all inputs with plain loops and their finite differences. */
export function expectSameWithGradients(pair: Pair): void {
  const { plain, inputs } = pair;
  const layer = ours(pair);
  const expected = plain(...inputs);
  // A weighted sum, so that every value has a gradient of its own.
  const weights = random(expected.shape, 99, 0.5, 1.5);
  const loss = (x: Tensor, ...rest: Tensor[]): Scalar =>
    tf.sum(tf.mul(layer(x, ...rest), toTensor(weights)));
  const plainLoss = (...xs: Doubles[]): number =>
    plain(...xs).data.reduce((sum, v, i) => sum + v * (weights.data[i] ?? NaN), 0);
  const tensors = inputs.map(toTensor);
  const [x = tf.scalar(NaN), ...rest] = tensors;
  expectClose(layer(x, ...rest), expected);
  tf.grads(loss)(tensors).forEach((gradient, k) => {
    expectClose(gradient, differences(plainLoss, inputs, k, 1e-4));
  });
}

/**
 * Compares the gradients of a gradient penalty, the sum of squares of the gradient for x of the sum
 * of squares of the output, with finite differences of finite differences.
 */
export function expectSameSecondGradients(pair: Pair): void {
  const { plain, inputs } = pair;
  const layer = ours(pair);
  const penalty = (x: Tensor, ...rest: Tensor[]): Scalar => {
    const slope = tf.grad((y) => tf.sum(tf.square(layer(y, ...rest))))(x);
    return tf.sum(tf.square(slope));
  };
  const plainSquares = (...xs: Doubles[]): number =>
    plain(...xs).data.reduce((sum, v) => sum + v * v, 0);
  const plainPenalty = (...xs: Doubles[]): number =>
    differences(plainSquares, xs, 0, 1e-3).data.reduce((sum, v) => sum + v * v, 0);
  tf.grads(penalty)(inputs.map(toTensor)).forEach((gradient, k) => {
    const input = inputs[k] ?? random([], 0);
    const direction = random(input.shape, 50 + k);
    const moved = (by: number): number => {
      const data = input.data.map((v, i) => v + by * (direction.data[i] ?? NaN));
      return plainPenalty(...inputs.map((x, i) => (i === k ? { shape: x.shape, data } : x)));
    };
    const numeric = (moved(1e-3) - moved(-1e-3)) / 2e-3;
    const exact = Array.from(gradient.dataSync()).reduce(
      (sum, v, i) => sum + v * (direction.data[i] ?? NaN),
      0,
    );
    expect(Math.abs(exact - numeric), `${exact} against ${numeric}`).toBeLessThan(
      2e-4 * Math.abs(numeric) + 1e-5,
    );
  });
}

/** The gradient for one of the inputs by central differences. */
function differences(
  f: (...xs: Doubles[]) => number,
  inputs: readonly Doubles[],
  k: number,
  step: number,
): Doubles {
  const { shape, data } = inputs[k] ?? random([], 0);
  const result = data.map((value, at) => {
    const moved = (by: number): number => {
      const changed = { shape, data: data.with(at, value + by) };
      return f(...inputs.map((x, i) => (i === k ? changed : x)));
    };
    return (moved(step) - moved(-step)) / (2 * step);
  });
  return { shape, data: result };
}
