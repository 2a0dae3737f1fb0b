import { outOf } from 'ncn/lab';
import type { ExperimentRow, JudgedClaim } from './analysis.js';
import { updatesOf } from './conditions.js';
import { metricOf, type Mode } from './data.js';
import {
  effectText,
  medianAndRange,
  neededText,
  plusMinus,
  pText,
  shareAbove,
  type Possible,
} from './numbers.js';

export const experimentHead = [
  'preset',
  'the post says',
  'seeds',
  'updates',
  'content',
  'black',
  'PSNR',
  'SSIM',
  'collapse, %',
  'content, batch BN',
  'PSNR, batch BN',
  'SSIM, batch BN',
  'collapse, %, batch BN',
];

const errors: Possible = [0, Infinity];
const similarities: Possible = [-1, 1];
const shares: Possible = [0, 1];

type HowToTell = [digits: number, possible?: Possible, factor?: number];

/** The cells of an experiment, for the page and the Markdown alike. */
export function experimentCells({ preset, post, runs, metric }: ExperimentRow): string[] {
  const done = runs.filter(({ state }) => state === 'done');
  const first = done[0];
  const black = metricOf(first?.test ?? null, 'black', 'moving');
  const cell = (values: readonly number[], ...how: HowToTell): string =>
    outOf(plusMinus(values, ...how), values.length, done.length);
  const four = (mode: Mode): string[] => [
    cell(metric('content', mode), 4, errors),
    cell(metric('psnr', mode), 1),
    cell(metric('ssim', mode), 3, similarities),
    cell(metric('collapseRate', mode), 1, shares, 100),
  ];
  const [content = '', ...rest] = four('moving');
  return [
    preset,
    post,
    String(done.length),
    first === undefined ? '–' : updatesOf(first),
    content,
    black === undefined ? '–' : black.toFixed(4),
    ...rest,
    ...four('batch'),
  ];
}

export const spreadHead = [
  'preset',
  'seeds',
  'content',
  'SSIM',
  'collapse, %',
  'seeds that collapse',
];

/** More than half of the outputs nearer to the reference: a collapsed seed. */
const collapsed = 0.5;

/** Where the seeds of an experiment lie: medians and ranges. */
export function spreadCells({ preset, runs, metric }: ExperimentRow): string[] {
  const done = runs.filter(({ state }) => state === 'done').length;
  const rates = metric('collapseRate', 'moving');
  const cell = (values: readonly number[], digits: number): string =>
    outOf(medianAndRange(values, digits), values.length, done);
  return [
    preset,
    String(rates.length),
    cell(metric('content', 'moving'), 4),
    cell(metric('ssim', 'moving'), 3),
    medianAndRange(rates, 1, 100),
    shareAbove(rates, collapsed),
  ];
}

export const claimHead = ['claim', '', 'verdict', 'verdict, batch BN', 'missing'];

export const claimCells = ({ id, text, moving, batch, missing }: JudgedClaim): string[] => [
  id,
  text,
  moving,
  batch,
  missing.join(', '),
];

export const partHead = [
  'claim',
  'measured',
  'criterion',
  'effect [95 %]',
  'n',
  'p',
  'verdict',
  'seeds to decide',
  'effect, batch BN',
  'verdict, batch BN',
];

export const partCells = ({ id, parts }: JudgedClaim): string[][] =>
  parts.map((part) => [
    id,
    part.effect,
    part.criterion,
    effectText(part, part.moving),
    String(part.moving.n),
    pText(part.moving),
    part.moving.verdict,
    neededText(part.moving),
    effectText(part, part.batch),
    part.batch.verdict,
  ]);
