/**
 * One case of `npm run bench`, in a process of its own so that its peak memory is its own.
 * Prints one line of JSON. `--work generator|discriminator|gan --batch N --engine NAME
 * [--threads N] [--updates N] [--seconds S] [--preset NAME] [--profile NAME]`
 */
import { parseArgs } from 'node:util';
import { openEngine } from '../engines/registry.js';
import { buildTrainingStep, type TrainingStep } from '../core/step/program.js';
import type { Phase } from '../core/step/types.js';
import type { Prepared } from '../core/trainer/build/prepare.js';
import { initialState } from '../core/trainer/build/state.js';
import { batchesOf } from '../core/trainer/loop/batches-of.js';
import { metricsOf, runUpdate, scalarsOf } from '../core/trainer/loop/update.js';
import type { CaseResult } from './measure.js';
import { preparePreset } from './prepared.js';

const orders: Readonly<Record<string, Phase['order']>> = {
  generator: [{ network: 'generator', terms: ['content'], batch: 0 }],
  discriminator: [{ network: 'discriminator', batch: 0 }],
  gan: [
    { network: 'discriminator', batch: 0 },
    { network: 'generator', batch: 0 },
  ],
};

function stepOf({ built }: Prepared, work: string): TrainingStep {
  const order = orders[work];
  if (order === undefined) throw new Error(`--work ${work}: ${Object.keys(orders).join(', ')}`);
  return buildTrainingStep(built.blueprint, built.networks, { name: 'main', updates: 1000, order });
}

const { values } = parseArgs({
  options: {
    work: { type: 'string', default: 'gan' },
    batch: { type: 'string', default: '16' },
    engine: { type: 'string', default: 'compiled' },
    threads: { type: 'string' },
    updates: { type: 'string', default: '7' },
    seconds: { type: 'string', default: '60' },
    preset: { type: 'string' },
    profile: { type: 'string', default: 'documented' },
  },
});
const batch = Number(values.batch);
const preset = values.preset ?? (values.work === 'generator' ? 'dcnn_v1' : 'conditional_v5');
const given = { batch, dataset: 'glyphs' };
const prepared = await preparePreset(preset, given, { profile: values.profile });
const step = stepOf(prepared, values.work);
const options = values.threads === undefined ? {} : { threads: Number(values.threads) };
const session = await openEngine(values.engine, options);
await session.write(initialState(prepared));
await session.write(step.initialState());
const batches = batchesOf(prepared);
const prepareStart = performance.now();
await session.prepare(step.program, step.signature(batch));
const compileMs = performance.now() - prepareStart;

/** Milliseconds of one update, its losses read. */
async function update(number: number): Promise<number> {
  const feed = await batches.at(step, number);
  const scalars = scalarsOf(step, number, feed);
  const start = performance.now();
  await metricsOf(await runUpdate(session, step, feed, scalars));
  return performance.now() - start;
}

// The first updates take memory and warm the caches up.
const firstMs = await update(1);
const patience = Number(values.seconds) * 1000;
if (firstMs < patience / 3) await update(2);
const times: number[] = [];
const started = performance.now();
for (let i = 0; i < Number(values.updates); i++) {
  if (i > 0 && performance.now() - started > patience) break;
  times.push(await update(3 + i));
}
const result: CaseResult = {
  times,
  firstMs,
  compileMs,
  peakBytes: process.resourceUsage().maxRSS * 1024,
  about: `${session.engine.name} (${session.engine.version}, ${session.engine.device})`,
};
console.log(JSON.stringify(result));
await session.close();
process.exit(0);
