import * as tf from '@tensorflow/tfjs-core';
import { Layers, type ParameterSource } from './layers.js';
import type { DeclaredNetwork } from './declare.js';
import { blankInputs } from './shapes.js';
import { onStandIns, standIn } from './stand-ins.js';

/** One layer of a network, as it is called. Shapes are without the batch. */
export interface LayerDescription {
  readonly name: string;
  /** The method of `Layers`: `conv2d`, `batchNorm`, … */
  readonly kind: string;
  readonly input: readonly number[];
  readonly output: readonly number[];
  /** Numbers that are learned. */
  readonly weights: number;
  /** Moving averages. */
  readonly statistics: number;
}

/** The layers of a network in the order in which they run, found by running it on stand-ins. */
export function describeLayers({ definition, inputShapes }: DeclaredNetwork): LayerDescription[] {
  const found: LayerDescription[] = [];
  const known = new Set<string>();
  let weights = 0;
  let statistics = 0;
  const make =
    (count: (size: number) => void) =>
    (name: string, shape: readonly number[]): tf.Tensor => {
      // A layer that is used twice has its numbers once.
      if (!known.has(name)) count(tf.util.sizeFromShape([...shape]));
      known.add(name);
      return standIn(shape);
    };
  const source: ParameterSource = {
    weight: make((size) => (weights += size)),
    statistic: make((size) => (statistics += size)),
    standIn: (shape) => standIn(shape),
    normalisation: 'moving',
    moments: () => undefined,
    assign: () => undefined,
  };
  const layers = new Proxy(new Layers(source), {
    get(target, kind): unknown {
      const method: unknown = Reflect.get(target, kind);
      if (typeof method !== 'function' || typeof kind !== 'string') return method;
      return (...given: unknown[]): unknown => {
        weights = statistics = 0;
        const result: unknown = Reflect.apply(
          method as (...g: unknown[]) => unknown,
          target,
          given,
        );
        const x = given.find(isTensor);
        const input = x?.shape.slice(1) ?? [];
        if (isTensor(result)) {
          const output = x === undefined ? result.shape : result.shape.slice(1);
          found.push({ name: String(given[0]), kind, input, output, weights, statistics });
        }
        return result;
      };
    },
  });
  onStandIns(() => tf.tidy(() => definition.forward(layers, blankInputs(inputShapes))));
  return found;
}

const isTensor = (value: unknown): value is tf.Tensor => value instanceof tf.Tensor;
