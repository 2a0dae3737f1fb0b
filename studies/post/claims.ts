import { above, below, noWin, within, type Measurement, type Verdict } from 'ncn/lab';
import type { Mode, Results } from './data.js';
import {
  collapseAtStart,
  endOverPretraining,
  errorRatio,
  metricDifference,
  metricLevel,
} from './measure.js';

/** A part of a claim: a criterion that was fixed before anything was run. */
interface Part {
  /** What is measured. */
  readonly effect: string;
  /** When it counts as confirmed, and when as contradicted. */
  readonly criterion: string;
  readonly unit: 'ratio' | 'difference' | 'level';
  readonly measure: (results: Results, mode: Mode) => Measurement;
  /** Experiments that it needs. */
  readonly presets: readonly string[];
}

export interface Claim {
  readonly id: string;
  readonly text: string;
  /** What is expected of the `standard` profile; written down before its first run (claims.md). */
  readonly predicted: Verdict;
  readonly parts: readonly Part[];
}

/** Errors that differ by less are level. */
const margin = 1.1;

const ratioBelow = (of: string, to: string, bound: number): Part => ({
  effect: `error of ${of} ÷ error of ${to}`,
  criterion: `below ${bound}`,
  unit: 'ratio',
  measure: (results, mode) => below(errorRatio(results, of, to, mode), bound),
  presets: [of, to],
});

const ratioAbove = (of: string, to: string, bound: number): Part => ({
  ...ratioBelow(of, to, bound),
  criterion: `above ${bound}`,
  measure: (results, mode) => above(errorRatio(results, of, to, mode), bound),
});

const collapseBelow = (of: string, bound: number): Part => ({
  effect: `collapse rate of ${of}`,
  criterion: `below ${bound}`,
  unit: 'level',
  measure: (results, mode) => below(metricLevel(results, 'collapseRate', of, mode), bound),
  presets: [of],
});

const collapseAbove = (of: string, bound: number): Part => ({
  ...collapseBelow(of, bound),
  criterion: `above ${bound}`,
  measure: (results, mode) => above(metricLevel(results, 'collapseRate', of, mode), bound),
});

const ssimBetter = (of: string, than: string): Part => ({
  effect: `SSIM of ${of} − SSIM of ${than}`,
  criterion: 'above 0',
  unit: 'difference',
  measure: (results, mode) => above(metricDifference(results, 'ssim', of, than, mode), 0),
  presets: [of, than],
});

const gans = [
  ...['v1', 'v2', 'v3', 'v4', 'v5', 'v6', 'v7'].map((v) => `dcgans_${v}`),
  ...['v1', 'v2', 'v3', 'v4', 'v5'].map((v) => `conditional_${v}`),
];

/** The post's claims as criteria. docs/claims.md gives the reasons. */
export const claims: readonly Claim[] = [
  {
    id: 'C1',
    text: 'The reference at its mixture scale works about as well as the unscaled reference, or better',
    predicted: 'confirmed',
    parts: [ratioBelow('dcnn_v2', 'dcnn_v1', margin)],
  },
  {
    id: 'C2',
    text: 'Asking for a constant output scale gives a clearly worse result',
    predicted: 'contradicted',
    parts: [ratioAbove('dcnn_v3', 'dcnn_v1', margin), ratioAbove('dcnn_v3', 'dcnn_v2', margin)],
  },
  {
    id: 'C3',
    text: '1,000 training images are worse than 60,000, yet not bad',
    predicted: 'confirmed',
    parts: [ratioAbove('dcnn_v5', 'dcnn_v1', 1), ratioBelow('dcnn_v5', 'dcnn_v1', 1.5)],
  },
  {
    id: 'C4',
    text: 'Unpaired, adversarial weight 0.001 works; 0.1 and 1 collapse to the reference',
    predicted: 'undecided',
    parts: [
      collapseBelow('dcgans_v1', 0.1),
      collapseAbove('dcgans_v2', 0.5),
      collapseAbove('dcgans_v3', 0.5),
    ],
  },
  {
    id: 'C5',
    text: 'Paired, adversarial weight 0.001 works; 0.1 and 1 collapse to the reference',
    predicted: 'undecided',
    parts: [
      collapseBelow('dcgans_v4', 0.1),
      collapseAbove('dcgans_v5', 0.5),
      collapseAbove('dcgans_v6', 0.5),
    ],
  },
  {
    id: 'C6',
    text: 'Before training the output looks like the reference',
    predicted: 'undecided',
    parts: [
      {
        effect: 'collapse rate before the first update, mean over the experiments',
        criterion: 'above 0.5',
        unit: 'level',
        measure: (results, mode) => above(collapseAtStart(results, mode), 0.5),
        presets: [],
      },
    ],
  },
  {
    id: 'C7',
    text: 'After pre-training, GAN training changes little',
    predicted: 'confirmed',
    parts: [
      {
        effect: 'error of dcgans_v7 at the end ÷ after pre-training',
        criterion: 'between 0.9 and 1.1',
        unit: 'ratio',
        measure: (results, mode) =>
          within(endOverPretraining(results, 'dcgans_v7', mode), 0.9, 1.1),
        presets: ['dcgans_v7'],
      },
    ],
  },
  {
    id: 'C8',
    text: 'With a conditional discriminator, leaving the content loss out looks better than having it',
    predicted: 'contradicted',
    parts: [
      ssimBetter('conditional_v3', 'conditional_v1'),
      ssimBetter('conditional_v3', 'conditional_v2'),
    ],
  },
  {
    id: 'C9',
    text: 'The pairing of updates matters little without a content loss',
    predicted: 'undecided',
    parts: [
      {
        effect: 'error of conditional_v4 ÷ error of conditional_v3',
        criterion: 'between 0.9 and 1.1',
        unit: 'ratio',
        measure: (results, mode) =>
          within(errorRatio(results, 'conditional_v4', 'conditional_v3', mode), 0.9, 1.1),
        presets: ['conditional_v4', 'conditional_v3'],
      },
    ],
  },
  {
    id: 'C10',
    text: 'SEGAN’s ramp of the content weight from 1 to 100 gives a good result',
    predicted: 'confirmed',
    parts: [ratioBelow('conditional_v5', 'dcnn_v1', 1.25), collapseBelow('conditional_v5', 0.1)],
  },
  {
    id: 'C11',
    text: 'No GAN variant beats plain L1 training',
    predicted: 'undecided',
    parts: gans.map((gan): Part => ({
      effect: `error of ${gan} ÷ error of dcnn_v1`,
      criterion: `above 0.9; contradicted below 1 at the level of ${gans.length} tests`,
      unit: 'ratio',
      measure: (results, mode) =>
        noWin(errorRatio(results, gan, 'dcnn_v1', mode), 0.9, gans.length),
      presets: [gan, 'dcnn_v1'],
    })),
  },
];

/** Confirmed when every part is, contradicted when one is. */
export function together(verdicts: readonly Verdict[]): Verdict {
  if (verdicts.includes('contradicted')) return 'contradicted';
  return verdicts.every((verdict) => verdict === 'confirmed') ? 'confirmed' : 'undecided';
}
