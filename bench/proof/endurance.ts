/**
 * Trains for long on every engine that is there: memory, file handles and tensors must stay as they are
 * once all is warm. `npm run proof:endurance -- --count 100000 --seconds 3600 [--only wasm]`: so many
 * updates on `compiled`, a tenth of it on the others, within so many seconds each.
 */
import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { packageEngines } from '../../core/modules/engines.js';
import { campaignOptions, conclude, type Failure } from './campaign.js';

const sampleSchema = z.object({
  update: z.number(),
  rss: z.number(),
  heapUsed: z.number(),
  arrayBuffers: z.number(),
  handles: z.number(),
  resources: z.number(),
  tensors: z.number(),
});
export type Sample = z.infer<typeof sampleSchema>;
const saidSchema = z.object({
  engine: z.string(),
  updates: z.number(),
  seconds: z.number(),
  samples: z.array(sampleSchema),
});

/** How much more there may be at the end than after a quarter. */
const allowed: Readonly<Record<Exclude<keyof Sample, 'update'>, number>> = {
  rss: 40e6,
  heapUsed: 8e6,
  arrayBuffers: 8e6,
  handles: 2,
  resources: 2,
  tensors: 0,
};

/** Looks at the process of which two quarters can be compared. */
const fewest = 8;

/** Of a quarter of the samples, so that one evaluation more or less makes no difference. */
const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;

const options = campaignOptions({ count: 100_000, seconds: 3600 });
const worker = resolve(import.meta.dirname, 'endurance-worker.js');
const failures: Failure[] = [];
const engines: Record<string, unknown> = {};
const skipped: Record<string, string> = {};
for (const [index, engine] of (await packageEngines()).entries()) {
  const { name } = engine;
  if (options.only !== undefined && name !== options.only) continue;
  const state = await engine.probe();
  if (!state.present) {
    skipped[name] = state.reason;
    continue;
  }
  const wanted = name === 'compiled' ? options.count : Math.ceil(options.count / 10);
  const args = [worker, name, String(wanted), String(options.seconds), String(options.seed)];
  const { stdout } = await promisify(execFile)(process.execPath, args, {
    env: { ...process.env, NCN_OFFLINE: '1' },
    maxBuffer: 64e6,
  });
  const { updates, seconds, samples } = saidSchema.parse(
    JSON.parse(stdout.trim().split('\n').at(-1) ?? ''),
  );
  const reached = { updates, wanted, seconds: Math.round(seconds) };
  if (samples.length < fewest) {
    engines[name] = { ...reached, verdict: 'too few looks to tell' };
    continue;
  }
  const quarter = Math.max(1, Math.floor(samples.length / 4));
  const [early, late] = [samples.slice(quarter, 2 * quarter), samples.slice(-quarter)];
  const found: Record<string, [number, number]> = {};
  for (const key of Object.keys(allowed) as (keyof typeof allowed)[]) {
    const [before, after] = [early, late].map((part) => median(part.map((s) => s[key])));
    found[key] = [before ?? NaN, after ?? NaN];
    const more = (after ?? NaN) - (before ?? NaN);
    if (more <= allowed[key]) continue;
    const message = `${key} went from ${before} to ${after}, by more than ${allowed[key]}`;
    failures.push({ target: name, index, what: 'memory', message });
  }
  engines[name] = { ...reached, ...found };
}
conclude('endurance', options, { engines, skipped }, failures);
process.exit();
