import { scaleLabel } from 'ncn/lab';
import type { Analysis, JudgedClaim } from './analysis.js';
import { describeConditions, describeMissing } from './conditions.js';
import {
  claimCells,
  claimHead,
  experimentCells,
  experimentHead,
  partCells,
  partHead,
  spreadCells,
  spreadHead,
} from './tables.js';
import { explanations } from './text.js';

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

/** A table of a Markdown page. */
export function tableOf(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [row(head), row(head.map(() => '---')), ...rows.map(row)].join('\n');
}

const code = (cells: readonly string[]): string[] => [`\`${cells[0] ?? ''}\``, ...cells.slice(1)];

/**
 * The report as Markdown, a function of the raw numbers alone: the claims at each scale beside each
 * other, then each scale by itself.
 * @param scales the smaller first
 * @param figures of each scale by experiment, as paths from the page
 */
export function markdownOf(
  scales: readonly Analysis[],
  figures: readonly ReadonlyMap<string, string>[],
): string {
  return [
    ...scales.map(({ results }) => `    ${results.command}`),
    ...(scales.length > 1 ? besideEachOther(scales) : []),
    ...scales.flatMap((scale) => ofScale(scale, scales.length > 1)),
    ...scales.flatMap((scale, i) => figuresOf(scale, figures[i] ?? new Map(), scales.length > 1)),
  ].join('\n\n');
}

function besideEachOther(scales: readonly Analysis[]): string[] {
  const [first] = scales;
  const head = [
    'claim',
    '',
    ...scales.map(({ results }) => `${scaleLabel(results)}, ${seedsOf(results.seeds)}`),
    'the same',
    'expected of standard',
  ];
  const rows = (first?.claims ?? []).map(({ id, text, predicted }) => {
    const judged = scales.map(({ claims }) => claims.find((claim) => claim.id === id));
    const verdicts = judged.map((claim) => claim?.moving ?? 'undecided');
    const few = judged.map((claim) => claim === undefined || hasTooFewSeeds(claim));
    const same = few.includes(true) ? '–' : new Set(verdicts).size === 1 ? 'yes' : 'no';
    const cells = verdicts.map((verdict, i) => (few[i] ? `${verdict}: too few seeds` : verdict));
    return [id, text, ...cells, same, predicted];
  });
  return ['## The claims at each scale', explanations.scales, tableOf(head, rows)];
}

/** Of one value nobody can tell how far others lie from it: such a claim is open, whatever its verdict says. */
const hasTooFewSeeds = ({ moving, parts }: JudgedClaim): boolean =>
  moving === 'undecided' && parts.some((part) => part.moving.n < 2);

const seedsOf = (seeds: readonly number[]): string =>
  seeds.length === 1 ? '1 seed' : `${String(seeds.length)} seeds`;

/** Everything about one scale; kept apart from the others under a title of its own. */
function ofScale({ results, rows, claims }: Analysis, several: boolean): string[] {
  const conditions = `_${describeConditions(results)}._`;
  const missing = describeMissing(
    results,
    rows.map(({ preset }) => preset),
  );
  const undecided = claims.filter(({ moving }) => moving === 'undecided').map(({ id }) => id);
  const of = several ? `, profile ${scaleLabel(results)}` : '';
  return [
    `## The experiments${of}`,
    explanations.numbers,
    explanations.scale,
    tableOf(experimentHead, rows.map(experimentCells).map(code)),
    conditions,
    `### The spread over seeds${of}`,
    explanations.spread,
    tableOf(spreadHead, rows.map(spreadCells).map(code)),
    `## The claims${of}`,
    explanations.claims,
    tableOf(claimHead, claims.map(claimCells)),
    conditions,
    undecided.length === 0
      ? 'Every claim could be decided at this scale.'
      : `Undecided at this scale: ${undecided.join(', ')}.`,
    `### What was measured for each claim${of}`,
    explanations.power,
    tableOf(partHead, claims.flatMap(partCells)),
    conditions,
    `### What is missing${of}`,
    missing.length === 0
      ? 'Nothing: every run is done.'
      : missing.map((line) => `- ${line}`).join('\n'),
  ];
}

function figuresOf(
  { results, rows }: Analysis,
  figures: ReadonlyMap<string, string>,
  several: boolean,
): string[] {
  return [
    `## The figures${several ? `, profile ${scaleLabel(results)}` : ''}`,
    explanations.figures,
    `_${describeConditions(results)}._`,
    ...rows.flatMap(({ preset, post }) => {
      const file = figures.get(preset);
      if (file === undefined) return [];
      return [`\`${preset}\` (the post says: ${post})`, `![${preset}](${file})`];
    }),
  ];
}
