/**
 * Engines side by side, and PyTorch where Python has it: `npm run bench`.
 *
 * Each network's update and the conditional-GAN iteration at documented size; generator and iteration at
 * the quick profile's sizes (`quick-generator`, `quick-gan`); the speech network, its wider form and its
 * form without convolutions along frequency (`speech`, `speech-wide`, `speech-tcn`, their batches as
 * `4x3`: examples x seconds). Every measurement
 * is a process of its own; the contestants of one case take turns, round after round, so that a
 * machine whose speed drifts drifts for all. Writes `bench/out/performance.json` and a Markdown
 * table beside it; `--write-docs` puts the table into docs/performance.md.
 *
 *     --batches 1,16,100  --works generator,discriminator,gan  --rounds 3  --updates 3  --threads all
 *     --engines compiled,wasm,cpu,…  --seconds 30 (of timed updates in a process)
 *     --python python3 (NCN_PYTHON)  --slow-limit 120 (seconds that one update may take)
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, totalmem } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { engines } from '../engines/registry.js';
import { messageOf } from '../core/errors/error.js';
import { firstUpdateMs } from './first-update.js';
import { runCase, spreadOf, type CaseResult, type Spread } from './measure.js';
import { caseOf, peerOf } from './peer-cases.js';
import { casesTable, threadsTable, type Contestant, type Measured } from './tables.js';

const { values } = parseArgs({
  options: {
    works: { type: 'string', default: 'generator,discriminator,gan' },
    /** Of every contestant; 0: as many as there are processors. */
    threads: { type: 'string', default: '0' },
    /** Has PyTorch compiled, too: its first update takes minutes. */
    'torch-compile': { type: 'boolean', default: false },
    batches: { type: 'string', default: '1,16,100' },
    engines: { type: 'string' },
    rounds: { type: 'string', default: '3' },
    updates: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '30' },
    python: { type: 'string', default: process.env['NCN_PYTHON'] ?? 'python3' },
    'slow-limit': { type: 'string', default: '120' },
    'write-docs': { type: 'boolean', default: false },
  },
});
const slowLimit = Number(values['slow-limit']) * 1000;

async function contestants(): Promise<Contestant[]> {
  const wanted = values.engines?.split(',');
  const found: Contestant[] = [];
  for (const provider of engines) {
    if (wanted !== undefined && !wanted.includes(provider.name)) continue;
    const availability = await provider.probe();
    if (!availability.present) {
      console.log(`- ${provider.name}: not measured: ${availability.reason}`);
      continue;
    }
    const script = resolve(import.meta.dirname, 'case.js');
    const args = [script, '--engine', provider.name];
    found.push({ name: provider.name, command: process.execPath, args });
  }
  const torch = runCase(values.python, [...peerOf('generator'), '--batch', '1']);
  if (typeof torch === 'string') {
    console.log(`- PyTorch: not measured: ${torch}`);
    return found;
  }
  for (const layout of ['nchw', 'channels_last']) {
    found.push({ name: `PyTorch ${layout}`, command: values.python, args: [], peer: true, layout });
  }
  if (values['torch-compile']) {
    const how = { peer: true, layout: 'nchw', compiled: true };
    found.push({ name: 'PyTorch compile', command: values.python, args: [], ...how });
  }
  return found;
}

/** One case of one contestant, in rounds; undefined where it would take too long. */
class Entry {
  readonly times: number[] = [];
  private last: CaseResult | undefined;
  private reason: string | undefined;

  constructor(
    readonly contestant: Contestant,
    private readonly args: readonly string[],
    expectedMs: number,
  ) {
    if (expectedMs > slowLimit) {
      this.reason = `an update would take about ${(expectedMs / 1000).toFixed(0)} s`;
    }
  }

  run(): void {
    if (this.reason !== undefined) return;
    const slow = (this.last?.times[0] ?? 0) > 15_000;
    // One round of a slow one says enough.
    if (slow && this.times.length > 0) return;
    const { command, args } = this.contestant;
    const result = runCase(command, [...args, ...this.args]);
    if (typeof result === 'string') {
      this.reason = result;
      return;
    }
    this.last = result;
    this.times.push(...result.times);
    process.stderr.write(
      `  ${this.contestant.name} ${this.args.join(' ')}: ${result.times.map((t) => t.toFixed(0)).join(' ')} ms, ${(result.peakBytes / 2 ** 30).toFixed(2)} GiB\n`,
    );
  }

  get result(): Measured {
    const { contestant, reason, last } = this;
    if (last === undefined) return { contestant: contestant.name, reason: reason ?? 'no result' };
    return {
      contestant: contestant.name,
      about: last.about,
      update: spreadOf(this.times),
      peakBytes: last.peakBytes,
      firstMs: last.firstMs,
      compileMs: last.compileMs,
    };
  }
}

const report: {
  machine: string;
  date: string;
  cases: { work: string; batch: string; results: Measured[] }[];
  threads: { work: string; batch: number; threads: number; update: Spread }[];
  firstUpdate: { preset: string; batch: number; engine: string; spread: Spread }[];
} = {
  machine: `${cpus()[0]?.model ?? '?'} × ${availableParallelism()}, ${(totalmem() / 2 ** 30).toFixed(0)} GiB, Node ${process.versions.node}`,
  date: new Date().toISOString().slice(0, 10),
  cases: [],
  threads: [],
  firstUpdate: [],
};

const all = await contestants();
for (const work of values.works.split(',')) {
  /** Milliseconds for one image, by contestant: what a larger batch would take. */
  const perImage = new Map<string, number>();
  for (const size of values.batches.split(',')) {
    const batch = Number(size.split('x')[0]);
    const args = (c: Contestant): string[] => [
      ...caseOf(c, work, size),
      '--threads',
      values.threads,
    ];
    const limits = ['--updates', values.updates, '--seconds', values.seconds];
    const entries = all.map(
      (c) => new Entry(c, [...args(c), ...limits], (perImage.get(c.name) ?? 0) * batch),
    );
    for (let round = 0; round < Number(values.rounds); round++) {
      for (const entry of entries) entry.run();
    }
    const results = entries.map((entry) => entry.result);
    for (const r of results) {
      if (r.update !== undefined) perImage.set(r.contestant, r.update.median / batch);
    }
    report.cases.push({ work, batch: size, results });
  }
}
const compiled = all.find(({ name }) => name === 'compiled');
if (compiled !== undefined) {
  for (let threads = 1; threads <= availableParallelism(); threads *= 2) {
    if (!values.works.split(',').includes('gan')) break;
    const args = ['--work', 'gan', '--batch', '16', '--threads', String(threads)];
    const result = runCase(compiled.command, [...compiled.args, ...args]);
    if (typeof result === 'string') continue;
    report.threads.push({ work: 'gan', batch: 16, threads, update: spreadOf(result.times) });
  }
  for (const [preset, batch] of [
    ['dcnn_v1', 16],
    ['conditional_v5', 16],
    ['conditional_v5', 100],
  ] as const) {
    if (!values.works.split(',').includes('gan')) break;
    try {
      const times = await firstUpdateMs(preset, batch, 'compiled', Number(values.rounds));
      const spread = spreadOf(times);
      report.firstUpdate.push({ preset, batch, engine: 'compiled', spread });
    } catch (error) {
      console.log(`- first update of ${preset}: ${messageOf(error)}`);
    }
  }
}

const out = resolve('bench/out');
mkdirSync(out, { recursive: true });
const markdown = [
  `${report.machine}; ${report.date}. \`npm run bench -- ${process.argv.slice(2).join(' ')}\``.trim(),
  '',
  casesTable(report.cases),
  '',
  threadsTable(report.threads, report.firstUpdate),
].join('\n');
writeFileSync(join(out, 'performance.json'), `${JSON.stringify(report, null, 1)}\n`);
writeFileSync(join(out, 'performance.md'), `${markdown}\n`);
console.log(markdown);
if (values['write-docs']) {
  const page = readFileSync('docs/performance.md', 'utf8');
  const marked = /<!-- bench -->[\s\S]*<!-- end -->/;
  writeFileSync(
    'docs/performance.md',
    page.replace(marked, `<!-- bench -->\n\n${markdown}\n\n<!-- end -->`),
  );
  writeFileSync('docs/performance.json', `${JSON.stringify(report, null, 1)}\n`);
}
