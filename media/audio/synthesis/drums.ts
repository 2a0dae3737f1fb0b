import type { RandomSequence } from '../../../core/random/streams.js';
import { between, chance, oneOf } from './draw.js';
import { rate } from './resonator.js';

export type Drum = 'kick' | 'snare' | 'hat' | 'tom';

/** How a kit sounds. */
export interface Kit {
  /** Hz at which the kick ends, and octaves that it falls there. */
  readonly kick: number;
  readonly sweep: number;
  readonly snare: number;
  /** Noise in the snare, 0 to 1. */
  readonly rattle: number;
  readonly tom: number;
  /** Seconds in which each has faded to a third. */
  readonly decay: Readonly<Record<Drum, number>>;
}

export const drawKit = (random: RandomSequence): Kit => ({
  kick: between(random, 42, 70),
  sweep: between(random, 1, 2.5),
  snare: between(random, 160, 260),
  rattle: between(random, 0.5, 0.95),
  tom: between(random, 80, 160),
  decay: {
    kick: between(random, 0.06, 0.2),
    snare: between(random, 0.05, 0.14),
    hat: between(random, 0.015, 0.07),
    tom: between(random, 0.1, 0.25),
  },
});

/** Steps of a bar of sixteenths (or twelve) on which a drum is struck, with its level. */
export type Pattern = Readonly<Record<Drum, readonly number[]>>;

/** A rhythm for a bar of some steps, four to the beat. */
export function drawPattern(random: RandomSequence, steps: number): Pattern {
  const every = (period: number, offset: number, level: number): number[] =>
    Array.from({ length: steps }, (_, i) => (i % period === offset ? level : 0));
  const sometimes = (probability: number, level: number): number[] =>
    Array.from({ length: steps }, () => (chance(random, probability) ? level : 0));
  const most = (a: readonly number[], b: readonly number[]): number[] =>
    a.map((value, i) => Math.max(value, b[i] ?? 0));
  const kick = oneOf(random, [every(4, 0, 1), every(8, 0, 1), every(16, 0, 1)]);
  return {
    kick: most(kick, sometimes(0.1, 0.7)),
    snare: most(every(8, 4, 0.9), sometimes(0.05, 0.3)),
    hat: oneOf(random, [
      every(2, 0, 0.4),
      every(4, 2, 0.5),
      every(1, 0, 0.3),
      sometimes(0.4, 0.35),
    ]),
    tom: sometimes(0.04, 0.6),
  };
}

/** Adds a stroke to a signal. @param start in seconds */
export function addDrum(
  out: Float32Array,
  drum: Drum,
  start: number,
  level: number,
  kit: Kit,
  random: RandomSequence,
): void {
  const from = Math.round(start * rate);
  const decay = kit.decay[drum];
  const length = Math.min(Math.ceil(5 * decay * rate), Math.max(0, out.length - from));
  if (length <= 0) return;
  const noise = random.fillUniform(new Float32Array(length), -1, 1);
  const tone = drum === 'kick' ? kit.kick : drum === 'snare' ? kit.snare : kit.tom;
  const octaves = drum === 'kick' ? kit.sweep : 0.5;
  const rattle = drum === 'hat' ? 1 : drum === 'snare' ? kit.rattle : drum === 'tom' ? 0.05 : 0.02;
  const fade = Math.exp(-1 / (decay * rate));
  let [phase, step, fading] = [0, 0, level];
  let [last, before] = [0, 0];
  for (let i = 0; i < length; i++) {
    if (i % 16 === 0) step = (tone * 2 ** (octaves * Math.exp(-i / rate / 0.03))) / rate;
    phase += step;
    const hit = noise[i] ?? 0;
    // A difference lets only the upper half of the spectrum through; twice, of the hat.
    const bright = hit - last;
    const sound = drum === 'hat' ? (bright - before) / 3 : hit;
    [last, before] = [hit, bright];
    const value = rattle * sound + (1 - rattle) * Math.sin(2 * Math.PI * phase);
    out[from + i] = (out[from + i] ?? 0) + fading * value;
    fading *= fade;
  }
}
