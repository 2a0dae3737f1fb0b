import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import { withScope } from '../attribution/scope.js';
import { badContribution } from '../errors/plugin.js';
import { drawShape } from './draws.js';
import { asImages } from './rank.js';
import type { AugmentedBatch, Augmentation } from './types.js';

export const inputName = (slot: number, role: string): string => `${slot}/${role}`;

/**
 * The program inputs that one batch of an augmentation takes: the two images, and its draws.
 * @returns shapes of inputs, names of scalars
 */
export function drawInputs(
  augmentation: Augmentation,
  slot: number,
  batch: number,
  size: readonly [number, number],
): { inputs: Map<string, readonly number[]>; scalars: string[] } {
  const images = [batch, ...size, 1];
  const inputs = new Map<string, readonly number[]>([
    [inputName(slot, 'target'), images],
    [inputName(slot, 'reference'), images],
  ]);
  const scalars: string[] = [];
  for (const [name, draw] of Object.entries(augmentation.draws)) {
    if (draw.per === 'batch') scalars.push(inputName(slot, name));
    else inputs.set(inputName(slot, name), drawShape(draw, batch, size));
  }
  return { inputs, scalars };
}

/** Applies the augmentation to the inputs of one batch of a program. */
export function augment(
  augmentation: Augmentation,
  slot: number,
  inputs: ReadonlyMap<string, Tensor>,
  scalars: ReadonlyMap<string, Tensor>,
  mode: 'train' | 'evaluate',
): AugmentedBatch {
  const image = (role: string): Tensor4D => {
    const tensor = inputs.get(inputName(slot, role));
    if (tensor === undefined) throw badContribution(`The step lacks the images '${role}'.`);
    return asImages(tensor, role);
  };
  const draws = new Map<string, Tensor>();
  for (const [name, { per }] of Object.entries(augmentation.draws)) {
    const tensor = (per === 'batch' ? scalars : inputs).get(inputName(slot, name));
    if (tensor !== undefined) draws.set(name, tensor);
  }
  const target = image('target');
  const batch = withScope('/augmentation', () =>
    augmentation.apply({ target, reference: image('reference') }, draws, mode),
  );
  return checkAugmented(augmentation.name, batch, target);
}

/** Tries an augmentation on black images. @throws NcnError when it returns the wrong shape */
export function tryAugmentation(augmentation: Augmentation, size: readonly [number, number]): void {
  tf.tidy(() => {
    const drawn = drawInputs(augmentation, 0, 1, size);
    const inputs = new Map([...drawn.inputs].map(([name, shape]) => [name, tf.zeros([...shape])]));
    const scalars = new Map(drawn.scalars.map((name) => [name, tf.scalar(0)]));
    for (const mode of ['train', 'evaluate'] as const) {
      augment(augmentation, 0, inputs, scalars, mode);
    }
  });
}

function checkAugmented(name: string, batch: AugmentedBatch, like: Tensor4D): AugmentedBatch {
  for (const role of ['input', 'reference', 'target'] as const) {
    const { shape } = batch[role];
    if (shape.join() === like.shape.join()) continue;
    throw badContribution(
      `Augmentation '${name}' returned '${role}' of shape [${shape.join(', ')}]; [${like.shape.join(', ')}] was expected.`,
    );
  }
  return batch;
}
