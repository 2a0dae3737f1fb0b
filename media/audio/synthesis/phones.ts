/** The first four formants in Hz, of men. */
export type Formants = readonly [number, number, number, number];

/**
 * Vowels: averages over men of Peterson and Barney, "Control methods used in a study of the vowels"
 * (1952), table II, and a neutral one.
 */
export const vowels = {
  iy: [270, 2290, 3010, 3600],
  ih: [390, 1990, 2550, 3500],
  eh: [530, 1840, 2480, 3500],
  ae: [660, 1720, 2410, 3500],
  aa: [730, 1090, 2440, 3400],
  ao: [570, 840, 2410, 3300],
  uh: [440, 1020, 2240, 3300],
  uw: [300, 870, 2240, 3300],
  ah: [640, 1190, 2390, 3400],
  er: [490, 1350, 1690, 3200],
  schwa: [500, 1500, 2500, 3500],
} as const satisfies Record<string, Formants>;

export type Vowel = keyof typeof vowels;

/** From one vowel to another within a syllable. */
export const diphthongs: readonly [readonly [Vowel, Vowel], ...(readonly [Vowel, Vowel])[]] = [
  ['aa', 'ih'],
  ['aa', 'uh'],
  ['eh', 'ih'],
  ['ao', 'ih'],
  ['ao', 'uw'],
];

/** Noise of a narrow place: a band around a frequency, in Hz. */
export interface Hiss {
  readonly centre: number;
  readonly width: number;
  /** Relative to a vowel. */
  readonly level: number;
}

export type Consonant =
  | { readonly kind: 'fricative'; readonly at: Formants; readonly hiss: Hiss; voiced: boolean }
  | { readonly kind: 'plosive'; readonly at: Formants; readonly hiss: Hiss; voiced: boolean }
  | { readonly kind: 'nasal'; readonly at: Formants }
  | { readonly kind: 'glide'; readonly at: Formants }
  | { readonly kind: 'breath' };

/** Where formants head for at lips, teeth ridge, palate and soft palate. */
const labial: Formants = [250, 900, 2200, 3300];
const alveolar: Formants = [250, 1750, 2600, 3500];
const palatal: Formants = [260, 2050, 2700, 3500];
const velar: Formants = [250, 1900, 2200, 3400];

const s: Hiss = { centre: 5800, width: 2200, level: 0.5 };
const sh: Hiss = { centre: 3300, width: 1500, level: 0.5 };
const f: Hiss = { centre: 4500, width: 6000, level: 0.12 };
const th: Hiss = { centre: 5500, width: 5000, level: 0.1 };
const p: Hiss = { centre: 900, width: 1500, level: 0.4 };
const t: Hiss = { centre: 4200, width: 2200, level: 0.6 };
const k: Hiss = { centre: 1900, width: 900, level: 0.5 };

/** Of English, by how often they begin or end a syllable, roughly: one that is frequent is there twice. */
export const consonants: readonly [Consonant, ...Consonant[]] = [
  { kind: 'fricative', at: alveolar, hiss: s, voiced: false },
  { kind: 'fricative', at: alveolar, hiss: s, voiced: false },
  { kind: 'fricative', at: alveolar, hiss: s, voiced: true },
  { kind: 'fricative', at: palatal, hiss: sh, voiced: false },
  { kind: 'fricative', at: labial, hiss: f, voiced: false },
  { kind: 'fricative', at: labial, hiss: f, voiced: true },
  { kind: 'fricative', at: alveolar, hiss: th, voiced: true },
  { kind: 'plosive', at: labial, hiss: p, voiced: false },
  { kind: 'plosive', at: labial, hiss: p, voiced: true },
  { kind: 'plosive', at: alveolar, hiss: t, voiced: false },
  { kind: 'plosive', at: alveolar, hiss: t, voiced: false },
  { kind: 'plosive', at: alveolar, hiss: t, voiced: true },
  { kind: 'plosive', at: velar, hiss: k, voiced: false },
  { kind: 'plosive', at: velar, hiss: k, voiced: true },
  { kind: 'nasal', at: [270, 1000, 2200, 3300] },
  { kind: 'nasal', at: [270, 1500, 2500, 3500] },
  { kind: 'nasal', at: [270, 1500, 2500, 3500] },
  { kind: 'glide', at: [360, 1100, 2700, 3400] },
  { kind: 'glide', at: [330, 1150, 1550, 3200] },
  { kind: 'glide', at: [330, 1150, 1550, 3200] },
  { kind: 'glide', at: [290, 650, 2200, 3300] },
  { kind: 'glide', at: [280, 2250, 3000, 3600] },
  { kind: 'breath' },
];
