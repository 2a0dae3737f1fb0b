import type { Tensor } from '@tensorflow/tfjs-core';
import type { Program } from '../engine/types.js';
import { augment } from './augment.js';
import { applyNetwork, hasStatistics, type DeclaredNetwork } from './declare.js';
import { need } from './plan.js';
import type { Augmentation, Signals, StateTransform } from './types.js';
import { mainInputs } from './update.js';

/** Prefixes of the outputs of an evaluation's program: what was made, and what networks gave. */
export const madePrefix = 'made/';
export const outputName = 'output';
export const outputBatchName = 'output_batch';

/**
 * The program that evaluates the main network on augmented examples. Inputs as a training step's
 * batch 0; outputs `made/ROLE`, `output` (moving averages) and, where the network has statistics,
 * `output_batch` (statistics of this batch).
 * @param prefix reads the network's state under this prefix, such as `ema/`
 */
export function buildEvaluation(
  augmentation: Augmentation,
  networks: ReadonlyMap<string, DeclaredNetwork>,
  main: DeclaredNetwork,
  prefix = '',
): Program {
  return {
    name: `evaluate/${prefix}`,
    body: ({ state, inputs, scalars }) => {
      const made = augment(augmentation, 0, inputs, scalars, 'evaluate');
      const seen = mainInputs(networks, main.definition.name, made);
      const bound = withPrefix(state, prefix);
      const outputs = new Map<string, Tensor>();
      for (const role of augmentation.makes) {
        const tensor = made[role];
        if (tensor !== undefined) outputs.set(madePrefix + role, tensor);
      }
      outputs.set(outputName, applyNetwork(main, bound, seen, 'moving'));
      if (hasStatistics(main)) {
        outputs.set(outputBatchName, applyNetwork(main, bound, seen, 'batch'));
      }
      return { state: new Map(), outputs };
    },
  };
}

/**
 * The program that runs a network as it is used: its inputs by name → `output`.
 * @param prefix as in `buildEvaluation`
 */
export function buildInference(
  network: DeclaredNetwork,
  prefix = '',
  normalisation: 'moving' | 'batch' = 'moving',
): Program {
  const { name } = network.definition;
  return {
    name: `infer/${prefix}${name}/${normalisation}`,
    body: ({ state, inputs }) => {
      const seen: Signals = Object.fromEntries(
        [...network.inputShapes.keys()].map((input) => [input, need(inputs, input)]),
      );
      const output = applyNetwork(network, withPrefix(state, prefix), seen, normalisation);
      return { state: new Map(), outputs: new Map([[outputName, output]]) };
    },
  };
}

/** Prefix of the state that evaluations use: that of the transform that is `evaluated`, or none. */
export function evaluatedPrefix(transforms: readonly StateTransform[]): string {
  const evaluated = transforms.find((transform) => transform.evaluated === true);
  return evaluated === undefined ? '' : transformPrefix(evaluated.name);
}

export const transformPrefix = (transform: string): string => `${transform}/`;

/** Of a state, what the main network needs to be run; the rest would only be carried along. */
export function stateOfMain<T>(
  state: ReadonlyMap<string, T>,
  main: string,
  prefix: string,
): Map<string, T> {
  const own = [`${main}/`, `${prefix}${main}/`];
  return new Map([...state].filter(([name]) => own.some((start) => name.startsWith(start))));
}

export function withPrefix(
  state: ReadonlyMap<string, Tensor>,
  prefix: string,
): ReadonlyMap<string, Tensor> {
  if (prefix === '') return state;
  const own = [...state].filter(([name]) => name.startsWith(prefix));
  return new Map([...state, ...own.map(([name, t]) => [name.slice(prefix.length), t] as const)]);
}
