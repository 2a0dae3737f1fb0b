import {
  above,
  below,
  within,
  type Measurement,
  type Sample,
  type StudyVariant,
  type Verdict,
} from 'ncn/lab';
import { differences, leads, levels, variantName, type SpeechRun } from './runs.js';

type Unit = 'dB' | 'share' | '';

/** A part of a claim: a criterion that was fixed before anything was run. */
export interface Part {
  readonly effect: string;
  readonly criterion: string;
  readonly unit: Unit;
  readonly measure: (runs: readonly SpeechRun[]) => Measurement;
  /** Experiments that it needs. */
  readonly presets: readonly string[];
}

export interface Claim {
  readonly id: string;
  readonly text: string;
  readonly parts: readonly Part[];
  /** What a machine needs besides ncn to measure it, in a sentence. */
  readonly needs?: string;
}

const labels = { sdr: 'SDRf', stoi: 'STOI', dnsmos: 'DNSMOS', collapseRate: 'collapse rate' };
type Metric = keyof typeof labels;

const units: Readonly<Record<Metric, Unit>> = {
  sdr: 'dB',
  stoi: '',
  dnsmos: '',
  collapseRate: 'share',
};

const plain = 'speech_cnn_v1';

/** A difference to the plain network, or to another. */
function difference(
  metric: Metric,
  of: string,
  test: (sample: Sample) => Measurement,
  criterion: string,
  to = plain,
): Part {
  return {
    effect: `${labels[metric]} of ${of} − ${to}`,
    criterion,
    unit: units[metric],
    measure: (runs) => test(differences(runs, metric, of, to)),
    presets: [of, to],
  };
}

const collapses = (of: string): Part => ({
  effect: `collapse rate of ${of}`,
  criterion: 'above 0.5',
  unit: 'share',
  measure: (runs) => above(levels(runs, 'collapseRate', of), 0.5),
  presets: [of],
});

/** How far the plain network is ahead of another method, on the same clips. */
const lead = (metric: Metric, suffix: string, method: string): Part => ({
  effect: `${labels[metric]} of ${plain} − ${method}`,
  criterion: 'above 0',
  unit: units[metric],
  measure: (runs) => above(leads(runs, metric, plain, suffix), 0),
  presets: [plain],
});

const leadsOver = (suffix: string, method: string): Part[] =>
  (['sdr', 'stoi', 'dnsmos'] as const).map((metric) => lead(metric, suffix, method));

const gans = [1, 2, 3, 4, 5, 6, 7].map((v) => `speech_gans_v${v}`);
const conditional = [1, 2, 3, 4, 5].map((v) => `speech_conditional_v${v}`);

/** The experiments, in the order of the images' that they mirror. */
export const speechExperiments: readonly string[] = [
  ...[1, 2, 3, 5].map((v) => `speech_cnn_v${v}`),
  ...gans,
  ...conditional,
];

/** A variant that is run beside them: no output of the canceller among the network's inputs. */
export const speechVariants: readonly StudyVariant[] = [{ preset: plain, variant: 'nocanceller' }];

const withoutCanceller = variantName(plain, 'nocanceller');

/** The rows of tables: experiments, then variants. */
export const speechRows: readonly string[] = [...speechExperiments, withoutCanceller];

/** What is claimed of speech; docs/claims-speech.md gives the reasons. */
export const claims: readonly Claim[] = [
  {
    id: 'S1',
    text: 'A low adversarial weight does no harm',
    parts: ['speech_gans_v1', 'speech_gans_v4'].map((of) =>
      difference('sdr', of, (x) => above(x, -0.5), 'above −0.5 dB'),
    ),
  },
  {
    id: 'S2',
    text: 'An adversarial weight of 1 does harm',
    parts: ['speech_gans_v3', 'speech_gans_v6'].map((of) =>
      difference('sdr', of, (x) => below(x, -0.5), 'below −0.5 dB'),
    ),
  },
  {
    id: 'S3',
    text: 'With a high weight the output collapses to the reference',
    parts: [2, 3, 5, 6].map((v) => collapses(`speech_gans_v${v}`)),
  },
  {
    id: 'S4',
    text: 'No variant with a discriminator beats plain training',
    parts: [...gans, ...conditional].flatMap((of) => [
      difference('sdr', of, (x) => below(x, 0.3), 'below 0.3 dB'),
      difference('stoi', of, (x) => below(x, 0.005), 'below 0.005'),
    ]),
  },
  {
    id: 'S5',
    text: 'A discriminator helps where the metrics do not look: in opinions',
    parts: ['speech_gans_v4', 'speech_conditional_v2', 'speech_conditional_v5'].map((of) =>
      difference('dnsmos', of, (x) => above(x, 0.05), 'above 0.05'),
    ),
  },
  {
    id: 'S6',
    text: 'The reference at its scale helps as little as for images',
    parts: [
      difference('sdr', 'speech_cnn_v2', (x) => within(x, -0.5, 0.5), 'between −0.5 and 0.5 dB'),
    ],
  },
  {
    id: 'S7',
    text: 'A target of constant scale is worse',
    parts: [difference('sdr', 'speech_cnn_v3', (x) => below(x, 0), 'below 0')],
  },
  {
    id: 'S8',
    text: 'Little data is worse, not bad',
    parts: [difference('sdr', 'speech_cnn_v5', (x) => within(x, -2, 0), 'between −2 and 0 dB')],
  },
  {
    id: 'S9',
    text: 'With a conditional discriminator, leaving the content loss out is better',
    parts: ['speech_conditional_v1', 'speech_conditional_v2'].map((than) =>
      difference('stoi', 'speech_conditional_v3', (x) => above(x, 0), 'above 0', than),
    ),
  },
  {
    id: 'S10',
    text: 'The network beats the classical suppressor',
    parts: leadsOver('Speex', 'SpeexDSP with its preprocessor'),
    needs: 'It needs libspeexdsp on the machine, and the model of DNSMOS.',
  },
  {
    id: 'S11',
    text: 'The canceller is what makes it work',
    parts: [difference('sdr', withoutCanceller, (x) => below(x, -2), 'below −2 dB')],
  },
  {
    id: 'S12',
    text: 'Knowing the reference is worth more than a large corpus of noise',
    parts: leadsOver('Gtcrn', 'the canceller followed by GTCRN'),
    needs: 'It needs the models of GTCRN and DNSMOS (ncn data fetch gtcrn, ncn data fetch dnsmos).',
  },
];

/** Confirmed where all are, contradicted where one is. */
export function together(verdicts: readonly Verdict[]): Verdict {
  if (verdicts.length === 0) return 'undecided';
  if (verdicts.includes('contradicted')) return 'contradicted';
  return verdicts.every((verdict) => verdict === 'confirmed') ? 'confirmed' : 'undecided';
}
