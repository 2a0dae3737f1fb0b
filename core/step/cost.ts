import * as tf from '@tensorflow/tfjs-core';
import type { Tensor4D } from '@tensorflow/tfjs-core';
import type { DeclaredNetwork } from './declare.js';
import { drawShape } from './draws.js';
import { lossValue, undeclaredDraw } from './update.js';
import type { Blueprint, Images, LossContext, LossTerm, Phase } from './types.js';

/**
 * Multiply-adds of one update for one image, in convolutions and dense layers. A network that is
 * trained costs three forward passes (forward, gradient of its input, gradient of its weights); one
 * that only passes the gradient on costs two; one that only provides images costs one. A pass whose
 * gradient is itself differentiated (a gradient penalty) costs twice as much.
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
      for (const term of terms) lossValue(term, context(term));
      const own = passes.findIndex(({ name }) => name === update.network);
      passes.forEach(({ name, differentiated }, i) => {
        const work = networks.get(name)?.multiplyAdds ?? 0;
        const factor = name === update.network ? 3 : own >= 0 && i > own ? 2 : 1;
        total += (differentiated ? 2 : 1) * factor * work;
      });
    });
  }
  return total;
}

interface Pass {
  readonly name: string;
  /** Whether a loss term asked for a gradient of it. */
  readonly differentiated: boolean;
}

/** A context whose networks compute nothing, and which notes which of them a loss term asks for. */
function countingContext(
  networks: ReadonlyMap<string, DeclaredNetwork>,
  [height, width]: readonly [number, number],
): { context: (term: LossTerm) => LossContext; passes: Pass[] } {
  const passes: Pass[] = [];
  const done = new Map<string, Tensor4D>();
  const image = (): Tensor4D => tf.zeros([1, height, width, 1]);
  const run = (name: string, inputs: Images): Tensor4D => {
    const network = networks.get(name);
    const roles = Object.keys(network?.definition.inputs ?? {});
    const key = `${name}:${roles.map((role) => inputs[role]?.id).join()}`;
    const known = done.get(key);
    if (known !== undefined && !known.isDisposed) return known;
    passes.push({ name, differentiated: tf.engine().state.gradientDepth > 0 });
    const [h = 1, w = 1, c = 1] = network?.outputShape ?? [];
    // It depends on the images, so that a term may ask for its gradient.
    const seen = roles.flatMap((role) => inputs[role] ?? []).map((x) => tf.mul(tf.sum(x), 0));
    const output = tf.add<Tensor4D>(tf.zeros([1, h, w, c]), tf.addN([tf.scalar(0), ...seen]));
    done.set(key, output);
    return output;
  };
  const batch = { input: image(), reference: image(), target: image() };
  const context = (term: LossTerm): LossContext => ({
    ...batch,
    get output() {
      return run('generator', { input: batch.input, reference: batch.reference });
    },
    run,
    metric: () => undefined,
    draw: (name) => {
      const draw = term.draws?.[name];
      if (draw === undefined) throw undeclaredDraw(term, name);
      return tf.zeros([...drawShape(draw, 1, [height, width])]);
    },
  });
  return { context, passes };
}
