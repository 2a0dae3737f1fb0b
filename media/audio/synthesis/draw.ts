import type { RandomSequence } from '../../../core/random/streams.js';

/** Uniform in [low, high). */
export const between = (random: RandomSequence, low: number, high: number): number =>
  low + (high - low) * random.uniform();

export const chance = (random: RandomSequence, probability: number): boolean =>
  random.uniform() < probability;

/** One of a list that is not empty. */
export function oneOf<T>(random: RandomSequence, list: readonly [T, ...T[]]): T {
  return list[random.below(list.length)] ?? list[0];
}
