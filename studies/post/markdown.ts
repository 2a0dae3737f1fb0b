import type { Analysis, ExperimentRow, JudgedClaim } from './analysis.js';
import { describeConditions, describeMissing, updatesOf } from './conditions.js';
import { metricOf } from './data.js';
import { effectText, plusMinus, pText } from './numbers.js';
import { explanations } from './text.js';

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

/** A table of a Markdown page. */
function tableOf(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [row(head), row(head.map(() => '---')), ...rows.map(row)].join('\n');
}

export const experimentHead = [
  'preset',
  'the post says',
  'seeds',
  'updates',
  'content',
  'black',
  'PSNR',
  'SSIM',
  'collapse',
  'content, batch BN',
  'PSNR, batch BN',
  'SSIM, batch BN',
  'collapse, batch BN',
];

/** The cells of an experiment, for the page and the Markdown alike. */
export function experimentCells({ preset, post, runs, metric }: ExperimentRow): string[] {
  const done = runs.filter(({ state }) => state === 'done');
  const first = done[0];
  const black = metricOf(first?.test ?? null, 'black', 'moving');
  const four = (mode: 'moving' | 'batch'): string[] => [
    plusMinus(metric('content', mode), 4),
    plusMinus(metric('psnr', mode), 1),
    plusMinus(metric('ssim', mode), 3),
    `${plusMinus(metric('collapseRate', mode), 1, 100)}${done.length === 0 ? '' : ' %'}`,
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
    effectText(part, part.batch),
    part.batch.verdict,
  ]);

/**
 * The report as Markdown, a function of the raw numbers alone.
 * @param figures of each experiment, as a path from the page
 */
export function markdownOf(analysis: Analysis, figures: ReadonlyMap<string, string>): string {
  const { results, rows, claims } = analysis;
  const conditions = `_${describeConditions(results)}._`;
  const missing = describeMissing(
    results,
    rows.map(({ preset }) => preset),
  );
  const undecided = claims.filter(({ moving }) => moving === 'undecided').map(({ id }) => id);
  const code = (cells: string[]): string[] => [`\`${cells[0] ?? ''}\``, ...cells.slice(1)];
  return [
    `    ${results.command}`,
    '## The experiments',
    explanations.numbers,
    explanations.scale,
    tableOf(experimentHead, rows.map(experimentCells).map(code)),
    conditions,
    '## The claims',
    explanations.claims,
    tableOf(claimHead, claims.map(claimCells)),
    conditions,
    undecided.length === 0
      ? 'Every claim could be decided at this scale.'
      : `Undecided at this scale: ${undecided.join(', ')}.`,
    '## What was measured for each claim',
    tableOf(partHead, claims.flatMap(partCells)),
    conditions,
    '## What is missing',
    missing.length === 0
      ? 'Nothing: every run is done.'
      : missing.map((line) => `- ${line}`).join('\n'),
    '## The figures',
    explanations.figures,
    conditions,
    ...rows.flatMap(({ preset, post }) => {
      const file = figures.get(preset);
      if (file === undefined) return [];
      return [`\`${preset}\` (the post says: ${post})`, `![${preset}](${file})`];
    }),
  ].join('\n\n');
}
