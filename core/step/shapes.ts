import * as tf from '@tensorflow/tfjs-core';
import type { Shape } from '../data/types.js';
import { didYouMean } from '../errors/nearest.js';
import { badContribution } from '../errors/plugin.js';
import type { NetworkDefinition, Signals } from './types.js';

/**
 * Shapes of a network's inputs, without the batch.
 * @param made shapes by role, `output` among them where it is known
 * @throws NcnError where an input names a role that there is not
 */
export function inputShapes(
  { name, inputs }: NetworkDefinition,
  made: ReadonlyMap<string, Shape>,
): Map<string, Shape> {
  return new Map(
    Object.entries(inputs).map(([input, like]) => {
      if (typeof like !== 'string') return [input, like];
      const shape = made.get(like);
      if (shape !== undefined) return [input, shape];
      throw badContribution(
        `The input '${input}' of network '${name}' has the shape of the role '${like}', which the augmentation does not make.`,
        didYouMean(like, made.keys()),
      );
    }),
  );
}

/** Zeros for every input, a batch of one. */
export function blankInputs(shapes: ReadonlyMap<string, Shape>): Signals {
  return Object.fromEntries([...shapes].map(([name, shape]) => [name, tf.zeros([1, ...shape])]));
}
