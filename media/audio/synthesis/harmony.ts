import type { RandomSequence } from '../../../core/random/streams.js';
import { chance, oneOf } from './draw.js';

/** Semitones above the tonic. */
const scales = {
  major: [0, 2, 4, 5, 7, 9, 11],
  minor: [0, 2, 3, 5, 7, 8, 10],
  harmonic: [0, 2, 3, 5, 7, 8, 11],
  dorian: [0, 2, 3, 5, 7, 9, 10],
  mixolydian: [0, 2, 4, 5, 7, 9, 10],
  phrygian: [0, 1, 3, 5, 7, 8, 10],
} as const;

/** Degrees of the scale (0 the tonic) that chords stand on, one a bar. */
const progressions: readonly [readonly number[], ...(readonly number[])[]] = [
  [0, 3, 4, 0],
  [0, 4, 5, 3],
  [0, 5, 3, 4],
  [5, 3, 0, 4],
  [0, 3, 0, 4],
  [1, 4, 0, 0],
  [0, 6, 5, 4],
  [0, 2, 3, 4],
  [0, 0, 3, 3, 0, 0, 4, 3],
  [0, 5, 1, 4],
  [0, 6, 3, 0],
  [0, 0, 0, 0],
];

/** A key, and the chords that follow each other in it. */
export interface Harmony {
  /** MIDI number of the tonic, from 45 to 56. */
  readonly tonic: number;
  readonly scale: readonly number[];
  readonly progression: readonly number[];
  /** Notes of a chord. */
  readonly voices: 3 | 4;
}

export const drawHarmony = (random: RandomSequence): Harmony => ({
  tonic: 45 + random.below(12),
  scale: oneOf(random, [
    scales.major,
    scales.major,
    scales.minor,
    scales.minor,
    scales.harmonic,
    scales.dorian,
    scales.mixolydian,
    scales.phrygian,
  ]),
  progression: oneOf(random, progressions),
  voices: chance(random, 0.3) ? 4 : 3,
});

/** Frequency in Hz of a degree of the scale, octaves above or below included; A is 440 Hz. */
export function frequencyOf({ tonic, scale }: Harmony, degree: number): number {
  const octave = Math.floor(degree / scale.length);
  const semitones = scale[degree - octave * scale.length] ?? 0;
  return 440 * 2 ** ((tonic + 12 * octave + semitones - 69) / 12);
}

/** The degree that the chord of a bar stands on. */
export const rootOf = ({ progression }: Harmony, bar: number): number =>
  progression[bar % progression.length] ?? 0;

/** Degrees of the chord of a bar: thirds above its root, none higher than an octave. */
export const chordOf = (harmony: Harmony, bar: number): number[] =>
  Array.from({ length: harmony.voices }, (_, i) => {
    const degree = rootOf(harmony, bar) + 2 * i;
    return degree >= 9 ? degree - 7 : degree;
  });
