/**
 * Engines side by side with PyTorch and JAX, where Python has them: `npm run bench`.
 *
 * Each network's update and the conditional-GAN iteration at documented size; generator and iteration at
 * the quick profile's sizes (`quick-generator`, `quick-gan`); the speech network, its wider form and its
 * form without convolutions along frequency (`speech`, `speech-wide`, `speech-tcn`, their batches as
 * `4x3`: examples x seconds); a U-Net and a ResNet that are trained by `ncn/engine` alone (`unet`,
 * `resnet`). Every measurement is a process of its own; the contestants of one case take turns, round
 * after round, so that a machine whose speed drifts drifts for all. Writes `bench/out/performance.json`
 * and a Markdown table beside it; `--write-docs` puts the cases that were measured in the place of those
 * in docs/performance.json, and the table of all into docs/performance.md.
 *
 *     --works generator,…  --batches 1,16,100  --threads 1,0 (0: all; each work has its own defaults)
 *     --rounds 3  --updates 3 (at least)  --seconds 4 (at least) of timed updates in a process
 *     --engines compiled,wasm,cpu,… (compiled)  --no-torch-compile  --no-starts (thread scaling and
 *     first updates)  --python python3 (NCN_PYTHON)  --slow-limit 120 (seconds that one update may take)
 */
import { availableParallelism, cpus, totalmem } from 'node:os';
import { resolve } from 'node:path';
import { messageOf } from '../core/errors/error.js';
import { findContestants, processorOf } from './contestants.js';
import { firstUpdateMs } from './first-update.js';
import { keepReport } from './keep.js';
import { runCase, spreadOf, type CaseResult } from './measure.js';
import { caseOf } from './peer-cases.js';
import { flag, number, pythonOf, scriptOptions, whole, wholes, word, words } from './options.js';
import type { Measured, Report } from './results.js';
import { pageOf, type Contestant } from './tables.js';
import { timingHelp } from './timing.js';
import { casesOf, works } from './works.js';

const values = scriptOptions({
  command: 'npm run bench',
  about:
    'Times updates of each network beside PyTorch and JAX, where Python has them (NCN_PYTHON).',
  options: {
    works: words('what is timed', Object.keys(works)),
    threads: wholes("threads; each work's own by default; 0: one for each processor", undefined, 0),
    'torch-compile': flag('leaves torch.compile out', true),
    batches: words("batches; each work's own by default; 4x3: examples x seconds"),
    engines: word('names', 'engines of ncn', 'compiled'),
    rounds: whole('rounds, in which contestants take turns', 3),
    updates: whole(`${timingHelp.updates} in a round`, 3),
    seconds: number(timingHelp.seconds, 4),
    starts: flag('leaves the first updates of runs out', true),
    python: word('path', 'Python of the peers (NCN_PYTHON)', pythonOf()),
    'slow-limit': number('seconds of an update that are too long to be measured', 120),
    'write-docs': flag("puts what was measured into the documents' table"),
  },
});
const slowLimit = values['slow-limit'] * 1000;

/** One case of one contestant, in rounds; undefined where it would take too long. */
class Entry {
  readonly times: number[] = [];
  private compileMs = 0;
  private last: CaseResult | undefined;
  private reason: string | undefined;

  constructor(
    readonly contestant: Contestant,
    private readonly args: readonly string[] | string,
    expectedMs: number,
  ) {
    if (typeof args === 'string') this.reason = args;
    if (expectedMs > slowLimit) {
      this.reason = `an update would take about ${(expectedMs / 1000).toFixed(0)} s`;
    }
  }

  run(): void {
    const { args } = this;
    if (this.reason !== undefined || typeof args === 'string') return;
    const slow = (this.last?.times[0] ?? 0) > 15_000;
    // One round of a slow one says enough.
    if (slow && this.times.length > 0) return;
    const result = runCase(this.contestant.command, args);
    if (typeof result === 'string') {
      this.reason = result;
      return;
    }
    // Later rounds of a peer may find what the first one compiled.
    this.compileMs = Math.max(this.compileMs, result.compileMs);
    this.last = result;
    this.times.push(...result.times);
    process.stderr.write(
      `  ${this.contestant.name} ${args.slice(1).join(' ')}: ${result.times.map((t) => t.toFixed(0)).join(' ')} ms, ${(result.peakBytes / 2 ** 30).toFixed(2)} GiB\n`,
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
      compileMs: this.compileMs,
    };
  }
}

const processor = await processorOf();
const sitting = {
  processor,
  machine: `${cpus()[0]?.model ?? '?'} × ${availableParallelism()}, ${(totalmem() / 2 ** 30).toFixed(0)} GiB, Node ${process.versions.node}`,
  date: new Date().toISOString().slice(0, 10),
  command: `npm run bench -- ${process.argv.slice(2).join(' ')}`.trim(),
};
const report: Report = { cases: [], threads: [], firstUpdate: [] };

const keep = (): Promise<void> =>
  keepReport(report, resolve('bench/out'), values['write-docs'] ? 'docs' : undefined);

const { contestants, absent } = await findContestants(
  values.engines.split(','),
  values.python,
  values['torch-compile'],
);
for (const { contestant, reason } of absent) {
  console.log(`- ${contestant}: not measured: ${reason}`);
}
for (const { work, sizes, threads } of casesOf(values.works, values.batches, values.threads)) {
  for (const count of threads) {
    /** Milliseconds for one image, by contestant: what a larger batch would take. */
    const perImage = new Map<string, number>();
    for (const batch of sizes) {
      const examples = Number(batch.split('x')[0]);
      const limits = ['--updates', `${values.updates}`, '--seconds', `${values.seconds}`];
      const entries = contestants.map((c) => {
        const args = caseOf(c, work, batch);
        const all = typeof args === 'string' ? args : [...args, '--threads', `${count}`, ...limits];
        return new Entry(c, all, (perImage.get(c.name) ?? 0) * examples);
      });
      for (let round = 0; round < values.rounds; round++) {
        for (const entry of entries) entry.run();
      }
      const results: Measured[] = [...entries.map((entry) => entry.result), ...absent];
      for (const r of results) {
        if (r.update !== undefined) perImage.set(r.contestant, r.update.median / examples);
      }
      report.cases.push({ work, batch, threads: count, ...sitting, results });
      await keep();
    }
  }
}
const compiled = contestants.find(({ name }) => name === 'compiled');
if (compiled !== undefined && values.starts) {
  const args = caseOf(compiled, 'gan', '16');
  for (let threads = 1; threads <= availableParallelism(); threads *= 2) {
    if (typeof args === 'string') break;
    const result = runCase(compiled.command, [...args, '--threads', String(threads)]);
    if (typeof result === 'string') continue;
    const update = spreadOf(result.times);
    report.threads.push({ ...sitting, work: 'gan', batch: 16, threads, update });
  }
  for (const [preset, batch] of [
    ['dcnn_v1', 16],
    ['conditional_v5', 16],
    ['conditional_v5', 100],
  ] as const) {
    try {
      const times = await firstUpdateMs(preset, batch, 'compiled', values.rounds);
      const spread = spreadOf(times);
      report.firstUpdate.push({ ...sitting, preset, batch, engine: 'compiled', spread });
    } catch (error) {
      console.log(`- first update of ${preset}: ${messageOf(error)}`);
    }
  }
}

await keep();
console.log(pageOf(report));
