import type { Tensor } from '@tensorflow/tfjs-core';
import { badContribution } from '../errors/plugin.js';
import type { DeclaredNetwork } from './declare.js';
import type {
  GradientTransform,
  LossTerm,
  NetworkUpdate,
  Optimizer,
  StateTransform,
} from './types.js';

/** What one network's update needs to know; fixed when the step is built. */
export interface UpdatePlan {
  readonly update: NetworkUpdate;
  readonly network: DeclaredNetwork;
  readonly networks: ReadonlyMap<string, DeclaredNetwork>;
  /** Name of the network whose output is `output`. */
  readonly main: string;
  readonly terms: readonly LossTerm[];
  readonly optimizer: Optimizer;
  /** `main`, `pretraining`: each phase has optimizer state of its own. */
  readonly phase: string;
  readonly gradientTransforms: readonly GradientTransform[];
}

/** Name of the program input for a draw of a loss term; each update of a phase has its own. */
export const drawName = (index: number, term: LossTerm, draw: string): string =>
  `draw/${index}/${term.network}/${term.name}/${draw}`;

export const slotName = (phase: string, parameter: string, slot: string): string =>
  `optimizer/${phase}/${parameter}/${slot}`;
export const weightScalar = (term: LossTerm): string => `weight/${term.network}/${term.name}`;
export const optimizerScalar = (index: number, network: string, name: string): string =>
  `optimizer/${index}/${network}/${name}`;
export const transformScalar = (transform: StateTransform, name: string): string =>
  `transform/${transform.network}/${transform.name}/${name}`;

/** @throws NcnError where the name is missing: two contributions do not fit each other */
export function need(tensors: ReadonlyMap<string, Tensor>, name: string): Tensor {
  const tensor = tensors.get(name);
  if (tensor === undefined) throw badContribution(`The training step lacks the tensor '${name}'.`);
  return tensor;
}
