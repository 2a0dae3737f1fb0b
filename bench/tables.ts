import type { Spread } from './measure.js';

/** Who is measured, and how it is started. */
export interface Contestant {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  /** A program of bench/peers, in a layout; which one depends on the work. */
  readonly peer?: boolean;
  readonly layout?: string;
  readonly compiled?: boolean;
}

/** What was measured of one contestant in one case, or why nothing was. */
export interface Measured {
  readonly contestant: string;
  readonly reason?: string;
  readonly about?: string;
  readonly update?: Spread;
  readonly peakBytes?: number;
  readonly firstMs?: number;
  readonly compileMs?: number;
}

const names: Readonly<Record<string, string>> = {
  generator: 'generator, content update',
  discriminator: 'discriminator update',
  gan: 'conditional-GAN iteration',
  'quick-generator': 'generator, size of `quick`',
  'quick-gan': 'conditional-GAN iteration, size of `quick`',
  speech: 'speech network, update',
  'speech-wide': 'speech network, twice as wide',
  'speech-tcn': 'speech network, form `tcn`',
};

function duration(ms: number): string {
  return ms < 1000 ? `${ms.toFixed(0)} ms` : `${(ms / 1000).toFixed(2)} s`;
}

export function showSpread({ median, low, high }: Spread): string {
  return `${duration(median)} (${duration(low)}–${duration(high)})`;
}

/** One row a contestant and case; ratios are those of medians, against PyTorch's better layout. */
export function casesTable(
  cases: readonly { work: string; batch: string; results: readonly Measured[] }[],
): string {
  const rows = cases.flatMap(({ work, batch, results }) => {
    const torch = results.filter((r) => r.contestant.startsWith('PyTorch'));
    const best = (pick: (r: Measured) => number | undefined): number | undefined => {
      const found = torch.flatMap((r) => pick(r) ?? []);
      return found.length === 0 ? undefined : Math.min(...found);
    };
    const bestTime = best((r) => r.update?.median);
    const bestPeak = best((r) => r.peakBytes);
    return results.map((r) => {
      const start = `| ${names[work] ?? work} | ${batch} | ${r.contestant} |`;
      if (r.update === undefined) return `${start} – | | | | | ${r.reason ?? ''} |`;
      const speed = bestTime === undefined ? '' : `${(bestTime / r.update.median).toFixed(2)}×`;
      const peak = r.peakBytes ?? 0;
      const memory = bestPeak === undefined ? '' : `${(peak / bestPeak).toFixed(2)}×`;
      return `${start} ${showSpread(r.update)} | ${speed} | ${(peak / 2 ** 30).toFixed(2)} GiB | ${memory} | ${duration(r.compileMs ?? 0)} | ${r.update.count} updates |`;
    });
  });
  return [
    '| work | batch | engine | update: median (range) | speed against PyTorch | peak memory | against PyTorch | compile | |',
    '|---|---|---|---|---|---|---|---|---|',
    ...rows,
  ].join('\n');
}

/** Thread scaling, and the time from the command to the first update. */
export function threadsTable(
  threads: readonly { threads: number; update: Spread }[],
  first: readonly { preset: string; batch: number; spread: Spread }[],
): string {
  const [single] = threads;
  const scaling = threads.map(({ threads: n, update }) => {
    const gain = (single?.update.median ?? update.median) / update.median;
    return `| ${n} | ${showSpread(update)} | ${gain.toFixed(2)}× |`;
  });
  const starts = first.map(
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
