import { meanInterval, type Measurement, type Verdict } from 'ncn/lab';
import { claims, speechRows, together, type Claim } from './claims.js';
import { levels, type SpeechRun } from './runs.js';

/** The figure beside the page. */
export const figureFile = 'figures/speech.svg';

/** Metrics in the table of experiments, with their digits. */
const shown = [
  ['sdr', 'SDRf dB', 2],
  ['sdrGain', 'gain dB', 2],
  ['siSdr', 'SI-SDR dB', 2],
  ['stoi', 'STOI', 3],
  ['estoi', 'ESTOI', 3],
  ['dnsmos', 'DNSMOS', 2],
  ['erle', 'ERLE dB', 1],
  ['collapseRate', 'collapse', 3],
] as const;

export const experimentHead = ['preset', 'seeds', ...shown.map(([, label]) => label)];

/** Mean over the seeds ± half of the 95 % interval. */
export function experimentRow(runs: readonly SpeechRun[], preset: string): string[] {
  const done = runs.filter((run) => run.preset === preset && run.state === 'done').length;
  const cells = shown.map(([metric, , digits]) => {
    const { n, mean, interval } = meanInterval(levels(runs, metric, preset).values);
    if (n === 0) return '–';
    const text = mean.toFixed(digits);
    return interval === null ? text : `${text} ± ${(interval[1] - mean).toFixed(digits)}`;
  });
  return [preset, String(done), ...cells];
}

export interface JudgedClaim {
  readonly claim: Claim;
  readonly verdict: Verdict;
  readonly measured: readonly Measurement[];
}

export const judge = (runs: readonly SpeechRun[]): JudgedClaim[] =>
  claims.map((claim) => {
    const measured = claim.parts.map(({ measure }) => measure(runs));
    return { claim, measured, verdict: together(measured.map(({ verdict }) => verdict)) };
  });

export const claimHead = ['claim', '', 'verdict'];

export const claimRow = ({ claim, verdict }: JudgedClaim): string[] => [
  claim.id,
  claim.text,
  claim.elsewhere === undefined ? verdict : 'not measured here',
];

const partHead = ['claim', 'measured', 'criterion', 'effect [95 %]', 'n', 'verdict'];

const partRows = ({ claim, measured }: JudgedClaim): string[][] =>
  claim.parts.map(({ effect, criterion, unit }, i) => {
    const { n = 0, effect: value = NaN, low = NaN, high = NaN, verdict } = measured[i] ?? {};
    const digits = unit === 'dB' ? 2 : 3;
    const interval = n > 1 ? ` [${low.toFixed(digits)}, ${high.toFixed(digits)}]` : '';
    const text = n === 0 ? 'not measured' : `${value.toFixed(digits)}${interval}`;
    return [claim.id, effect, criterion, text, String(n), verdict ?? 'undecided'];
  });

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [row(head), row(head.map(() => '---')), ...rows.map(row)].join('\n');

/** What lacks, a line for each experiment. */
export const missingRuns = (runs: readonly SpeechRun[], seeds: readonly number[]): string[] =>
  speechRows.flatMap((preset) => {
    const lacks = seeds.filter(
      (seed) =>
        !runs.some((run) => run.preset === preset && run.seed === seed && run.state === 'done'),
    );
    return lacks.length === 0 ? [] : [`${preset}: seed ${lacks.join(', ')}`];
  });

/** What the numbers hold for, in a line. */
export function conditions(runs: readonly SpeechRun[], profile: string): string {
  const done = runs.filter(({ state }) => state === 'done');
  const all = (pick: (run: SpeechRun) => string): string =>
    [...new Set(done.map(pick))].join(' / ');
  const notices = [...new Set(done.flatMap(({ notice }) => notice ?? []))];
  return [
    `Profile ${profile}; updates ${all((run) => String(run.updates))}; ${all((run) => run.dataset)}; engine ${all((run) => run.engine)}.`,
    ...notices.map((notice) => `**${notice}**`),
  ].join(' ');
}

export interface ReportAbout {
  readonly command: string;
  readonly profile: string;
  readonly seeds: readonly number[];
}

/** The report as Markdown, a function of the runs' numbers alone. */
export function markdownOf(runs: readonly SpeechRun[], about: ReportAbout): string {
  const judged = judge(runs);
  const missing = missingRuns(runs, about.seeds);
  const undecided = judged.filter(
    ({ verdict, claim }) => verdict === 'undecided' && claim.elsewhere === undefined,
  );
  return [
    '# Does adversarial training help with speech?',
    `    ${about.command}`,
    '## The experiments',
    'Means over the test clips, and over the seeds ± half of the 95 % interval (Student t). SDRf is the SDR behind the best filter of 256 taps; gain is over the microphone.',
    table(
      experimentHead,
      speechRows.map((preset) => experimentRow(runs, preset)),
    ),
    conditions(runs, about.profile),
    `![Gain of each experiment](${figureFile})`,
    'Grey: a seed. Blue: their mean and its 95 % interval. `report/results-speech.html` in the folder of the sweep has players.',
    '## The claims',
    'The criteria were fixed before the runs. A claim is confirmed when the 95 % interval of every part lies on the criterion’s side, contradicted when that of one part lies on the other side, and undecided otherwise.',
    table(claimHead, judged.map(claimRow)),
    undecided.length === 0
      ? 'Every claim that is measured here could be decided.'
      : `Undecided at this scale: ${undecided.map(({ claim }) => claim.id).join(', ')}.`,
    ...judged.flatMap(({ claim }) =>
      claim.elsewhere === undefined ? [] : [`${claim.id}: ${claim.elsewhere}`],
    ),
    '## What was measured for each claim',
    table(partHead, judged.flatMap(partRows)),
    '## What is missing',
    missing.length === 0
      ? 'Nothing: every run is done.'
      : missing.map((line) => `- ${line}`).join('\n'),
    '',
  ].join('\n\n');
}
