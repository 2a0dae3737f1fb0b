import type { RandomSequence } from '../../../core/random/streams.js';
import { between, chance, oneOf } from './draw.js';
import { vowels, type Formants } from './phones.js';

export const timbreKinds = ['saw', 'square', 'organ', 'plucked', 'formant', 'fm'] as const;

export type TimbreKind = (typeof timbreKinds)[number];

/** What the tones of one instrument have in common. */
export interface Timbre {
  readonly kind: TimbreKind;
  /** Seconds to the full level, from there to the held level, and to silence after the end. */
  readonly attack: number;
  readonly decay: number;
  readonly release: number;
  /** Level that is held, relative. */
  readonly sustain: number;
  /** Vibrato: relative deviation, and its rate in Hz. */
  readonly vibrato: number;
  readonly vibratoRate: number;
  /** `saw`, `square`: distance of a second oscillator, relative; 0 for none. */
  readonly detune: number;
  /** `saw`, `square`: cut-off of the low-pass in multiples of the pitch, at the beginning and later. */
  readonly cutoff: readonly [number, number];
  /** `square`: part of the period that is high. */
  readonly duty: number;
  /** `organ`: amplitudes of the harmonics. */
  readonly drawbars: readonly number[];
  /** `plucked`: 0 dull to 1 bright; seconds until it has faded. */
  readonly brightness: number;
  readonly ring: number;
  /** `formant`: the vowels that it moves between. */
  readonly mouths: readonly [Formants, Formants];
  /** `fm`: frequency of the modulator over the tone's, index at the beginning, seconds it falls in. */
  readonly ratio: number;
  readonly index: number;
  readonly indexDecay: number;
}

export function drawTimbre(random: RandomSequence, kind: TimbreKind): Timbre {
  const struck = chance(random, 0.5);
  const vowel = (): Formants =>
    oneOf<Formants>(random, [vowels.aa, vowels.ao, vowels.uw, vowels.eh, vowels.iy, vowels.ah]);
  return {
    kind,
    attack: struck ? between(random, 0.002, 0.01) : between(random, 0.01, 0.12),
    decay: between(random, 0.1, 0.6),
    release: between(random, 0.03, 0.3),
    sustain: struck ? between(random, 0.1, 0.5) : between(random, 0.6, 1),
    vibrato: chance(random, 0.4) ? between(random, 0.001, 0.008) : 0,
    vibratoRate: between(random, 4, 7),
    detune: chance(random, 0.6) ? between(random, 0.002, 0.012) : 0,
    cutoff: [between(random, 3, 25), between(random, 1.5, 10)],
    duty: oneOf(random, [0.5, 0.5, 0.25, 0.125]),
    drawbars: Array.from({ length: 8 }, (_, i) =>
      i === 0 ? 1 : chance(random, 0.55) ? between(random, 0.1, 0.9) : 0,
    ),
    brightness: between(random, 0.2, 1),
    ring: between(random, 0.4, 3),
    mouths: [vowel(), vowel()],
    ratio: oneOf(random, [0.5, 1, 1, 2, 3, 1.41, 3.5, 7]),
    index: between(random, 0.5, 5),
    indexDecay: between(random, 0.05, 1),
  };
}
