import type { RandomSequence } from '../../../core/random/streams.js';
import { between, chance, oneOf } from './draw.js';
import {
  consonants,
  diphthongs,
  vowels,
  type Consonant,
  type Formants,
  type Hiss,
  type Vowel,
} from './phones.js';
import type { Speaker } from './speaker.js';

/** What the mouth does for a while. */
export interface Segment {
  /** In seconds. */
  readonly length: number;
  /** Where the formants are at its end; they move there. */
  readonly formants: Formants;
  /** Amplitudes of the voice, of noise from the glottis, and of noise from a narrow place. */
  readonly voice: number;
  readonly breath: number;
  readonly hiss: Hiss;
  /** Loses in the nose: formants are wider by it. */
  readonly damping: number;
  /** Semitones above the phrase's line. */
  readonly raise: number;
  /** Place within the phrase, 0 to 1: the pitch falls along it. */
  readonly along: number;
}

const quiet: Hiss = { centre: 4000, width: 4000, level: 0 };

/** A syllable: consonants, a vowel or two, consonants. */
interface Syllable {
  readonly onset: readonly Consonant[];
  readonly nucleus: readonly Vowel[];
  readonly coda: readonly Consonant[];
  readonly stressed: boolean;
}

const vowelNames = Object.keys(vowels).filter(
  (name): name is Vowel => name in vowels && name !== 'schwa',
);

function drawSyllable(random: RandomSequence, stressed: boolean): Syllable {
  const some = (probability: number): Consonant[] =>
    chance(random, probability) ? [oneOf(random, consonants)] : [];
  const vowel = vowelNames[random.below(vowelNames.length)] ?? 'ah';
  const nucleus: readonly Vowel[] = !stressed
    ? [chance(random, 0.6) ? 'schwa' : vowel]
    : chance(random, 0.3)
      ? oneOf(random, diphthongs)
      : [vowel];
  return {
    onset: [...some(0.85), ...(stressed ? some(0.15) : [])],
    nucleus,
    coda: [...some(0.45), ...(stressed ? some(0.1) : [])],
    stressed,
  };
}

/**
 * A phrase of two to eight words and the pause behind it, as segments. What is said means nothing;
 * syllables are put together as English ones are.
 */
export function drawPhrase(random: RandomSequence, speaker: Speaker): Segment[] {
  const words = 2 + random.below(7);
  const syllables = Array.from({ length: words }, () => {
    const count = oneOf(random, [1, 1, 1, 2, 2, 3, 4]);
    const stress = random.below(count);
    // A small word is often without stress.
    const spoken = count > 1 || chance(random, 0.6);
    return Array.from({ length: count }, (_, i) => drawSyllable(random, spoken && i === stress));
  });
  const all = syllables.flat();
  const asks = chance(random, 0.15);
  const segments: Segment[] = [];
  all.forEach((syllable, i) => {
    const along = i / Math.max(1, all.length - 1);
    const isLast = i === all.length - 1;
    const accent = syllable.stressed ? between(random, 0.3, 1) * speaker.liveliness : 0;
    const raise = isLast && asks ? 4 : accent;
    const tempo = (speaker.tempo * between(random, 0.88, 1.14)) / (isLast ? 1.4 : 1);
    segments.push(...segmentsOf(random, speaker, syllable, { along, raise, tempo }));
  });
  const length = speaker.pause * between(random, 0.3, 1.7);
  segments.push(silence(length, segments.at(-1)?.formants ?? vowels.schwa));
  return segments;
}

/** Lips and tongue where they were, without a sound. */
export const silence = (length: number, formants: Formants): Segment => ({
  ...{ length, formants, voice: 0, breath: 0, hiss: quiet, damping: 1, raise: 0, along: 1 },
});

interface Prosody {
  readonly along: number;
  readonly raise: number;
  readonly tempo: number;
}

function segmentsOf(
  random: RandomSequence,
  speaker: Speaker,
  { onset, nucleus, coda, stressed }: Syllable,
  { along, raise, tempo }: Prosody,
): Segment[] {
  const { tract, accent } = speaker;
  const own = ([f1, f2, f3, f4]: Formants): Formants => {
    const [a1, a2, a3, a4] = accent;
    return [f1 * tract * a1, f2 * tract * a2, f3 * tract * a3, f4 * tract * a4];
  };
  const segment = (length: number, at: Formants, more: Partial<Segment>): Segment => {
    const { voice = 0, breath = 0, hiss = quiet, damping = 1 } = more;
    const lasting = (length * between(random, 0.8, 1.25)) / tempo;
    return { length: lasting, formants: own(at), voice, breath, hiss, damping, raise, along };
  };
  const [first = 'ah'] = nucleus;
  const consonant = (sound: Consonant): Segment[] => {
    switch (sound.kind) {
      case 'glide':
        return [segment(0.06, sound.at, { voice: 0.6 })];
      case 'nasal':
        return [segment(0.065, sound.at, { voice: 0.45, damping: 2.5 })];
      case 'breath':
        return [segment(0.06, vowels[first], { breath: 0.25 })];
      case 'fricative':
        return [
          segment(sound.voiced ? 0.07 : 0.1, sound.at, {
            voice: sound.voiced ? 0.25 : 0,
            hiss: sound.voiced ? { ...sound.hiss, level: sound.hiss.level * 0.6 } : sound.hiss,
          }),
        ];
      case 'plosive':
        return [
          segment(0.06, sound.at, { voice: sound.voiced ? 0.07 : 0 }),
          segment(0.012, sound.at, { hiss: sound.hiss, voice: sound.voiced ? 0.2 : 0 }),
          ...(sound.voiced ? [] : [segment(0.04, vowels[first], { breath: 0.15 })]),
        ];
    }
  };
  const loud = stressed ? 1 : between(random, 0.5, 0.8);
  const length = (stressed ? 0.13 : 0.065) / nucleus.length;
  return [
    ...onset.flatMap(consonant),
    ...nucleus.flatMap((name, i) => [
      // It moves to the target, and stays there for a while.
      segment(length * 0.45 * (i === 0 ? 1 : 1.6), vowels[name], { voice: loud }),
      segment(length * 0.55, vowels[name], { voice: loud }),
    ]),
    ...coda.flatMap(consonant),
  ];
}
