import type { Shape } from '../data/types.js';
import { didYouMean } from '../errors/nearest.js';
import { badContribution } from '../errors/plugin.js';
import { standIn } from './stand-ins.js';
import type { NetworkDefinition, Signals } from './types.js';

/**
 * Shapes of a network's inputs, without the batch.
 * @param made shapes by role, `output` among them where it is known
 * @throws NcnError where an input names a role that there is not, or is declared by something else
 */
export function inputShapes(
  { name, inputs }: NetworkDefinition,
  made: ReadonlyMap<string, Shape>,
): Map<string, Shape> {
  return new Map(
    Object.entries(inputs).map(([input, like]) => {
      if (typeof like !== 'string') {
        if (isShape(like)) return [input, like];
        throw badContribution(
          `The input '${input}' of network '${name}' is declared as ${JSON.stringify(like)}; a role such as 'input', or a shape such as [28, 28, 1], was expected.`,
          `The roles are ${[...made.keys()].join(', ')}.`,
        );
      }
      const shape = made.get(like);
      if (shape !== undefined) return [input, shape];
      throw badContribution(
        `The input '${input}' of network '${name}' has the shape of the role '${like}', which the augmentation does not make.`,
        didYouMean(like, made.keys()),
      );
    }),
  );
}

/** Whether it is what the type says: it was perhaps never compiled. */
const isShape = (given: unknown): boolean =>
  Array.isArray(given) && given.every((side) => Number.isSafeInteger(side) && Number(side) > 0);

/** Zeros for every input, a batch of one, within `onStandIns`. */
export function blankInputs(shapes: ReadonlyMap<string, Shape>): Signals {
  return Object.fromEntries([...shapes].map(([name, shape]) => [name, standIn([1, ...shape])]));
}
