import type { Spread } from './measure.js';
import type { Case, Measured, Report } from './results.js';
import { works } from './works.js';

/** Who is measured, and how it is started. */
export interface Contestant {
  readonly name: string;
  readonly kind: 'engine' | 'torch' | 'jax';
  readonly command: string;
  readonly layout?: string;
  readonly compiled?: boolean;
}

function duration(ms: number): string {
  return ms < 1000 ? `${ms.toFixed(0)} ms` : `${(ms / 1000).toFixed(2)} s`;
}

export function showSpread({ median, low, high }: Spread): string {
  return `${duration(median)} (${duration(low)}–${duration(high)})`;
}

type Timed = Measured & { readonly update: Spread; readonly peakBytes: number };

function timed({ results }: Case): Timed[] {
  return results.flatMap((r) => {
    const { update, peakBytes } = r;
    return update === undefined || peakBytes === undefined ? [] : [{ ...r, update, peakBytes }];
  });
}

/** The fastest peer of a case, and the least memory that any of them takes. */
export function bestPeer(
  one: Case,
): { readonly fastest: Timed; readonly peak: number } | undefined {
  const peers = timed(one).filter((r) => /^(PyTorch|JAX)/.test(r.contestant));
  const [fastest] = [...peers].sort((a, b) => a.update.median - b.update.median);
  if (fastest === undefined) return undefined;
  return { fastest, peak: Math.min(...peers.map((r) => r.peakBytes)) };
}

const times = (ratio: number): string => `${ratio.toFixed(2)}×`;

/** A row for each case: the compiled engine and the best peer. */
export function summaryTable(cases: readonly Case[]): string {
  const rows = cases.flatMap((one) => {
    const ours = timed(one).find((r) => r.contestant === 'compiled');
    const best = bestPeer(one);
    if (ours === undefined || best === undefined) return [];
    const { fastest, peak } = best;
    const ratio = fastest.update.median / ours.update.median;
    const aim = works[one.work]?.aim?.(one.batch);
    const cells = [
      works[one.work]?.title ?? one.work,
      one.batch,
      one.threads,
      duration(ours.update.median),
      `${duration(fastest.update.median)}, ${fastest.contestant}`,
      times(ratio),
      aim === undefined ? '' : `${aim.toFixed(1)}×${ratio < aim ? ', missed' : ''}`,
      times(ours.peakBytes / peak),
    ];
    return [`| ${cells.join(' | ')} |`];
  });
  return [
    '| work | batch | threads | compiled | best peer | speed against it | aim | memory against the least of a peer |',
    '|---|---|---|---|---|---|---|---|',
    ...rows,
  ].join('\n');
}

/** One row a contestant and case; ratios are those of medians, against the best peer. */
export function casesTable(cases: readonly Case[], sittings: readonly string[]): string {
  const rows = cases.flatMap((one) => {
    const best = bestPeer(one);
    return timed(one).map((r) => {
      const cells = [
        works[one.work]?.title ?? one.work,
        one.batch,
        one.threads,
        r.contestant,
        showSpread(r.update),
        best === undefined ? '' : times(best.fastest.update.median / r.update.median),
        `${(r.peakBytes / 2 ** 30).toFixed(2)} GiB`,
        best === undefined ? '' : times(r.peakBytes / best.peak),
        duration(r.compileMs ?? 0),
        r.update.count,
        sittings.indexOf(sittingOf(one)) + 1,
      ];
      return `| ${cells.join(' | ')} |`;
    });
  });
  return [
    '| work | batch | threads | engine | update: median (range) | speed against the best peer | peak memory | against the least of a peer | compile | updates | sitting |',
    '|---|---|---|---|---|---|---|---|---|---|---|',
    ...rows,
  ].join('\n');
}

/** Machine, date and command, as they are listed below the table. */
function sittingOf({ machine, date, command }: Pick<Case, 'machine' | 'date' | 'command'>): string {
  return `${date}, ${machine}: \`${command}\``;
}

/** What was not measured, a line for each contestant and reason. */
function absences(cases: readonly Case[]): string[] {
  const by = new Map<string, string[]>();
  for (const { work, batch, threads, results } of cases) {
    for (const { contestant, reason } of results) {
      if (reason === undefined) continue;
      const key = `${contestant}: ${reason}`;
      const where = `${work} ${batch} (${threads} ${threads === 1 ? 'thread' : 'threads'})`;
      by.set(key, [...(by.get(key) ?? []), where]);
    }
  }
  const lines = [...by].map(([key, where]) => `- ${key}: ${where.join(', ')}`);
  const unknown = Object.entries(works).flatMap(([work, { batches }]) =>
    batches.flatMap((batch) =>
      cases.some((one) => one.work === work && one.batch === batch) ? [] : [`${work} ${batch}`],
    ),
  );
  return unknown.length === 0 ? lines : [...lines, `- no sitting yet: ${unknown.join(', ')}`];
}

/** Thread scaling, and the time from the command to the first update. */
function startsTable({ threads, firstUpdate }: Report): string {
  const [single] = threads;
  const scaling = threads.map(({ threads: n, update }) => {
    const gain = (single?.update.median ?? update.median) / update.median;
    return `| ${n} | ${showSpread(update)} | ${gain.toFixed(2)}× |`;
  });
  const starts = firstUpdate.map(
    ({ preset, batch, spread }) => `| \`${preset}\` | ${batch} | ${showSpread(spread)} |`,
  );
  return [
    '| threads | conditional-GAN iteration, batch 16 | |',
    '|---|---|---|',
    ...scaling,
    '',
    '| preset | batch | from the command to the end of the first update |',
    '|---|---|---|',
    ...starts,
  ].join('\n');
}

/** What was measured on one kind of processor. */
function sectionOf(processor: string, { cases, threads, firstUpdate }: Report): string[] {
  const here = {
    cases: cases.filter((one) => one.processor === processor),
    threads: threads.filter((one) => one.processor === processor),
    firstUpdate: firstUpdate.filter((one) => one.processor === processor),
  };
  const sittings = [...new Set(here.cases.map(sittingOf))];
  const missing = absences(here.cases);
  const [start] = [...here.threads, ...here.firstUpdate];
  return [
    `### ${processor}`,
    '',
    summaryTable(here.cases),
    '',
    '<details><summary>All contestants</summary>',
    '',
    casesTable(here.cases, sittings),
    '',
    '</details>',
    '',
    'Sittings (contestants of one case take turns in one sitting):',
    '',
    ...sittings.map((sitting, i) => `${i + 1}. ${sitting}`),
    '',
    ...(missing.length === 0 ? [] : ['Not measured:', '', ...missing, '']),
    ...(start === undefined ? [] : [startsTable(here), '', sittingOf(start), '']),
  ];
}

/** The generated part of docs/performance.md: a section for each kind of processor, the last one measured first. */
export function pageOf(report: Report): string {
  const all = [...report.cases, ...report.threads, ...report.firstUpdate];
  const latest = (processor: string): string =>
    all.flatMap((one) => (one.processor === processor ? [one.date] : [])).reduce(later, '');
  const processors = [...new Set(all.map(({ processor }) => processor))];
  return processors
    .sort((a, b) => latest(b).localeCompare(latest(a)))
    .flatMap((processor) => sectionOf(processor, report))
    .join('\n')
    .trim();
}

/** The later of two dates as ISO 8601 has them. */
function later(a: string, b: string): string {
  return a > b ? a : b;
}
