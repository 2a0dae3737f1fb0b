/**
 * One case of `npm run bench` by `ncn/engine` alone, in a process of its own: networks of the kind that
 * others train. Prints one line of JSON, as bench/case.ts. `--work unet|resnet --batch N [--threads N]
 * [--updates N] [--seconds S]`
 */
import { parseArgs } from 'node:util';
import { compiledEngine } from '../engines/compiled/index.js';
import { startOf, trained, update } from './apart/train.js';
import { works } from './apart/works.js';
import { spreadOf, type CaseResult } from './measure.js';

const { values } = parseArgs({
  options: {
    work: { type: 'string', default: 'unet' },
    batch: { type: 'string', default: '16' },
    threads: { type: 'string', default: '0' },
    updates: { type: 'string', default: '7' },
    seconds: { type: 'string', default: '60' },
    /** All that there is. */
    engine: { type: 'string', default: 'compiled' },
  },
});
if (values.engine !== 'compiled') {
  console.error('written for ncn/engine, which is the compiled engine');
  process.exit(1);
}
const work = works[values.work]?.();
if (work === undefined) throw new Error(`--work ${values.work}: ${Object.keys(works).join(', ')}`);
const threads = Number(values.threads);
const step = await trained(work, startOf(work), threads === 0 ? undefined : threads);
const batch = work.batch(Number(values.batch));

async function timed(number: number): Promise<number> {
  const start = performance.now();
  await update(step, batch, number);
  return performance.now() - start;
}

const firstMs = await timed(1);
await timed(2);
const times: number[] = [];
const before = process.cpuUsage();
const started = performance.now();
for (let i = 0; i < Number(values.updates); i++) {
  if (i > 0 && performance.now() - started > Number(values.seconds) * 1000) break;
  times.push(await timed(3 + i));
}
const spent = process.cpuUsage(before);
const compileMs = Math.max(0, firstMs - spreadOf(times).median);
const probed = await compiledEngine.probe();
const result: CaseResult = {
  times,
  cpuMs: (spent.user + spent.system) / 1000 / times.length,
  firstMs: firstMs - compileMs,
  compileMs,
  peakBytes: process.resourceUsage().maxRSS * 1024,
  about: probed.present ? `compiled (${probed.description.version})` : 'compiled',
};
console.log(JSON.stringify(result));
await step.close();
process.exit(0);
