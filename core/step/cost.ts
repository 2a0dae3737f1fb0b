import * as tf from '@tensorflow/tfjs-core';
import type { Tensor4D } from '@tensorflow/tfjs-core';
import type { DeclaredNetwork } from './declare.js';
import { lossValue } from './update.js';
import type { Blueprint, Images, LossContext, Phase } from './types.js';

/**
 * Multiply-adds of one update for one image, in convolutions and dense layers. A network that is
 * trained costs three forward passes (forward, gradient of its input, gradient of its weights); one
 * that only passes the gradient on costs two; one that only provides images costs one.
 * @throws NcnError when a loss term is not a single number
 */
export function updateCost(
  blueprint: Blueprint,
  networks: ReadonlyMap<string, DeclaredNetwork>,
  phase: Phase,
): number {
  let total = 0;
  for (const update of phase.order) {
    const terms = blueprint.losses.filter(
      (term) => term.network === update.network && (update.terms?.includes(term.name) ?? true),
    );
    tf.tidy(() => {
      const { context, passes } = countingContext(networks, blueprint.imageSize);
      for (const term of terms) lossValue(term, context);
      const own = passes.indexOf(update.network);
      passes.forEach((name, i) => {
        const work = networks.get(name)?.multiplyAdds ?? 0;
        const factor = name === update.network ? 3 : own >= 0 && i > own ? 2 : 1;
        total += factor * work;
      });
    });
  }
  return total;
}

/** A context whose networks compute nothing, and which notes which of them a loss term asks for. */
function countingContext(
  networks: ReadonlyMap<string, DeclaredNetwork>,
  [height, width]: readonly [number, number],
): { context: LossContext; passes: string[] } {
  const passes: string[] = [];
  const done = new Map<string, Tensor4D>();
  const image = (): Tensor4D => tf.zeros([1, height, width, 1]);
  const run = (name: string, inputs: Images): Tensor4D => {
    const network = networks.get(name);
    const roles = Object.keys(network?.definition.inputs ?? {});
    const key = `${name}:${roles.map((role) => inputs[role]?.id).join()}`;
    const known = done.get(key);
    if (known !== undefined) return known;
    passes.push(name);
    const [h = 1, w = 1, c = 1] = network?.outputShape ?? [];
    const output = tf.zeros<tf.Rank.R4>([1, h, w, c]);
    done.set(key, output);
    return output;
  };
  const batch = { input: image(), reference: image(), target: image() };
  const context: LossContext = {
    ...batch,
    get output() {
      return run('generator', { input: batch.input, reference: batch.reference });
    },
    run,
    metric: () => undefined,
  };
  return { context, passes };
}
