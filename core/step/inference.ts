import type { Tensor } from '@tensorflow/tfjs-core';
import type { Program } from '../engine/types.js';
import { badContribution } from '../errors/plugin.js';
import { augment } from './augment.js';
import { applyNetwork, type DeclaredNetwork } from './declare.js';
import { asImages } from './rank.js';
import type { Augmentation, StateTransform } from './types.js';
import { need } from './plan.js';

function generatorOf(networks: ReadonlyMap<string, DeclaredNetwork>): DeclaredNetwork {
  const generator = networks.get('generator');
  if (generator === undefined) throw badContribution("No plugin provides the network 'generator'.");
  return generator;
}

/**
 * The program that evaluates the generator on augmented images, with both modes of batch
 * normalisation. Inputs as a training step's batch 0; outputs `input`, `reference`, `target`,
 * `output` (moving averages) and `output_batch` (statistics of this batch), each [B, H, W, 1].
 * @param prefix reads the generator's state under this prefix, such as `ema/`
 */
export function buildEvaluation(
  augmentation: Augmentation,
  networks: ReadonlyMap<string, DeclaredNetwork>,
  prefix = '',
): Program {
  const generator = generatorOf(networks);
  return {
    name: `evaluate/${prefix}`,
    body: ({ state, inputs, scalars }) => {
      const batch = augment(augmentation, 0, inputs, scalars, 'evaluate');
      const seen = { input: batch.input, reference: batch.reference };
      const bound = withPrefix(state, prefix);
      const outputs = new Map<string, Tensor>([
        ['input', batch.input],
        ['reference', batch.reference],
        ['target', batch.target],
        ['output', applyNetwork(generator, bound, seen, 'moving')],
        ['output_batch', applyNetwork(generator, bound, seen, 'batch')],
      ]);
      return { state: new Map(), outputs };
    },
  };
}

/**
 * The program that denoises: inputs `input` and `reference` → output `output`, [B, H, W, 1].
 * @param prefix as in `buildEvaluation`
 */
export function buildDenoiser(
  networks: ReadonlyMap<string, DeclaredNetwork>,
  prefix = '',
): Program {
  const generator = generatorOf(networks);
  return {
    name: 'denoise',
    body: ({ state, inputs }) => {
      const seen = {
        input: asImages(need(inputs, 'input'), 'input'),
        reference: asImages(need(inputs, 'reference'), 'reference'),
      };
      const output = applyNetwork(generator, withPrefix(state, prefix), seen, 'moving');
      return { state: new Map(), outputs: new Map([['output', output]]) };
    },
  };
}

/** Prefix of the state that evaluations use: that of the transform that is `evaluated`, or none. */
export function evaluatedPrefix(transforms: readonly StateTransform[]): string {
  const evaluated = transforms.find((transform) => transform.evaluated === true);
  return evaluated === undefined ? '' : transformPrefix(evaluated.name);
}

export const transformPrefix = (transform: string): string => `${transform}/`;

function withPrefix(
  state: ReadonlyMap<string, Tensor>,
  prefix: string,
): ReadonlyMap<string, Tensor> {
  if (prefix === '') return state;
  const own = [...state].filter(([name]) => name.startsWith(prefix));
  return new Map([...state, ...own.map(([name, t]) => [name.slice(prefix.length), t] as const)]);
}
