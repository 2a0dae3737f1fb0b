/**
 * One case of `npm run bench` by `ncn/engine` alone, in a process of its own: networks of the kind that
 * others train. Prints one line of JSON, as bench/case.ts. `--work unet|resnet --batch N [--threads N]
 * [--updates N] [--seconds S]`
 */
import { compiledEngine } from '../engines/compiled/index.js';
import { startOf, trained, update } from './apart/train.js';
import { works } from './apart/works.js';
import { choice, number, scriptOptions, whole } from './options.js';
import { spreadOf, type CaseResult } from './measure.js';
import { timeUpdates, timingHelp } from './timing.js';

const values = scriptOptions({
  command: 'node dist/bench/apart-case.js',
  about: 'One case of npm run bench by ncn/engine alone: prints one line of JSON.',
  options: {
    work: choice('what is timed', Object.keys(works), 'unet'),
    batch: whole('examples in a batch', 16),
    threads: whole('threads of the engine; 0: its own choice', 0, 0),
    updates: whole(timingHelp.updates, 7),
    seconds: number(timingHelp.seconds, 0),
    // All that there is.
    engine: choice('engine', ['compiled'], 'compiled'),
  },
});
const work = works[values.work]?.();
if (work === undefined) throw new Error(`--work ${values.work}: ${Object.keys(works).join(', ')}`);
const { threads } = values;
const step = await trained(work, startOf(work), threads === 0 ? undefined : threads);
const batch = work.batch(values.batch);

async function timed(number: number): Promise<number> {
  const start = performance.now();
  await update(step, batch, number);
  return performance.now() - start;
}

const { times, cpuMs, firstMs } = await timeUpdates(timed, values);
const compileMs = Math.max(0, firstMs - spreadOf(times).median);
const probed = await compiledEngine.probe();
const result: CaseResult = {
  times,
  cpuMs,
  firstMs: firstMs - compileMs,
  compileMs,
  peakBytes: process.resourceUsage().maxRSS * 1024,
  about: probed.present ? `compiled (${probed.description.version})` : 'compiled',
};
console.log(JSON.stringify(result));
await step.close();
process.exit(0);
