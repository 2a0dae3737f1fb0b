import type { RandomSequence } from '../../../core/random/streams.js';
import { between, chance, oneOf } from './draw.js';
import { chordOf, frequencyOf, rootOf, type Harmony } from './harmony.js';
import type { Note } from './tone.js';

/** The time of a piece. */
export interface Metre {
  /** Seconds of a beat. */
  readonly beat: number;
  /** Beats of a bar. */
  readonly beats: number;
  readonly bars: number;
}

interface Score {
  readonly harmony: Harmony;
  readonly metre: Metre;
}

const barsOf = ({ bars, beats, beat }: Metre): { bar: number; at: number }[] =>
  Array.from({ length: bars }, (_, bar) => ({ bar, at: bar * beats * beat }));

/** Chords: held, struck on beats or between them, or broken into their notes. */
export function drawChords(random: RandomSequence, { harmony, metre }: Score): Note[] {
  const { beat, beats } = metre;
  const manner = oneOf(random, ['held', 'beats', 'off', 'broken']);
  const parts = oneOf(random, [2, 4]);
  const octave = 7 * random.below(2);
  return barsOf(metre).flatMap(({ bar, at }) => {
    const chord = chordOf(harmony, bar).map((degree) => frequencyOf(harmony, degree + octave));
    if (manner === 'broken') {
      return Array.from({ length: beats * parts }, (_, i) => ({
        start: at + (i * beat) / parts,
        length: beat / parts,
        frequency: chord[i % chord.length] ?? 220,
        level: 0.5,
      }));
    }
    const starts = manner === 'held' ? [0] : Array.from({ length: beats }, (_, i) => i);
    const late = manner === 'off' ? beat / 2 : 0;
    const length = manner === 'held' ? beats * beat : 0.4 * beat;
    return starts.flatMap((i) =>
      chord.map((frequency) => ({ start: at + i * beat + late, length, frequency, level: 0.3 })),
    );
  });
}

/** Bass: the chord's root in beats, with its fifth or octave, or steps towards the next root. */
export function drawBass(random: RandomSequence, { harmony, metre }: Score): Note[] {
  const { beat, beats } = metre;
  const manner = oneOf(random, ['long', 'fifth', 'octave', 'walk']);
  const parts = manner === 'long' ? 1 / beats : oneOf(random, [1, 2]);
  return barsOf(metre).flatMap(({ bar, at }) => {
    const root = rootOf(harmony, bar);
    const next = rootOf(harmony, bar + 1);
    const count = Math.round(beats * parts);
    return Array.from({ length: count }, (_, i) => {
      const degree =
        manner === 'fifth'
          ? root + (i % 2 === 0 ? 0 : 4)
          : manner === 'octave'
            ? root + (i % 2 === 0 ? 0 : 7)
            : manner === 'walk'
              ? Math.round(root + ((next - root) * i) / count)
              : root;
      const frequency = frequencyOf(harmony, degree - 7);
      const length = (0.9 * beat) / parts;
      return { start: at + (i * beat) / parts, length, frequency, level: 0.8 };
    });
  });
}

/** Melody: a motif of a bar, repeated on the chords and varied. */
export function drawMelody(random: RandomSequence, { harmony, metre }: Score): Note[] {
  const { beat, beats } = metre;
  const motif = drawMotif(random, beats);
  const octave = 7 * (1 + random.below(2));
  return barsOf(metre).flatMap(({ bar, at }) => {
    const { rhythm, steps } = chance(random, 0.6) ? motif : drawMotif(random, beats);
    const chord = chordOf(harmony, bar);
    let degree = oneOf(random, [0, 1, 2]);
    degree = chord[degree] ?? 0;
    let from = 0;
    return rhythm.flatMap((length, i) => {
      const start = at + from * beat;
      from += length;
      degree += steps[i] ?? 0;
      // It stays within an octave and a half.
      if (degree < -3 || degree > 9) degree = chord[0] ?? 0;
      const frequency = frequencyOf(harmony, degree + octave);
      if (chance(random, 0.12)) return [];
      return [{ start, length: 0.9 * length * beat, frequency, level: between(random, 0.5, 0.9) }];
    });
  });
}

/** Lengths in beats that fill a bar, and the steps of the scale from note to note. */
function drawMotif(random: RandomSequence, beats: number): { rhythm: number[]; steps: number[] } {
  const rhythm: number[] = [];
  for (let left = beats; left > 0;) {
    const length = Math.min(left, oneOf(random, [0.25, 0.5, 0.5, 0.5, 1, 1, 1.5, 2]));
    rhythm.push(length);
    left -= length;
  }
  return { rhythm, steps: rhythm.map(() => oneOf(random, [-2, -1, -1, 0, 1, 1, 2, 4, -3])) };
}
