/**
 * Compares the engines at documented width (the discriminator at half of it, see below): `npm run
 * check:documented`. For each preset it runs the
 * first updates of the main phase, from the same initial state and the same batches, on `compiled`
 * and on eager `wasm`, and prints the losses of each update and how far apart they are. Takes minutes,
 * since wasm is slow at this width. Ends with code 1 when a difference exceeds the tolerance.
 */
import { parseArgs } from 'node:util';
import { openEngine } from '../core/engine/registry.js';
import type { Metrics } from '../core/hooks/payloads.js';
import { BatchSource } from '../core/trainer/batches.js';
import type { Prepared } from '../core/trainer/prepare.js';
import { initialState } from '../core/trainer/state.js';
import { preparePreset } from './prepared.js';

const { values } = parseArgs({
  options: {
    presets: { type: 'string', default: 'dcnn_v1,dcnn_v3,dcgans_v4,conditional_v5' },
    engines: { type: 'string', default: 'compiled,wasm' },
    updates: { type: 'string', default: '2' },
    batch: { type: 'string', default: '2' },
    /** Width of the discriminator: at 1 its updates need more memory than wasm can address. */
    discriminator: { type: 'string', default: '0.5' },
    dataset: { type: 'string', default: 'glyphs' },
  },
});

/**
 * Relative. From the second update on, losses depend on weights after an update of Adam, whose first
 * step is the sign of the gradient: where a gradient is all but zero, rounding decides it.
 */
const toleranceAt = (update: number): number => (update === 1 ? 1e-5 : 1e-4);

async function train(prepared: Prepared, engine: string): Promise<Metrics[]> {
  const { built, dataset, random, sampler, experiment } = prepared;
  const step = built.steps.at(-1);
  if (step === undefined) throw new Error('the preset has no phase');
  const { augmentation } = built.blueprint;
  const { batch } = experiment.core;
  const batches = new BatchSource(dataset.train, augmentation, random, sampler, batch);
  const session = await openEngine(engine);
  try {
    await session.write(initialState(prepared));
    await session.write(step.initialState());
    await session.prepare(step.program, step.signature(batch));
    const metrics: Metrics[] = [];
    for (let update = 1; update <= Number(values.updates); update++) {
      const feed = batches.at(step, update);
      const scalars = new Map([...step.scalars(update), ...feed.scalars]);
      const read = await (await session.run(step.program, feed.inputs, scalars)).read();
      metrics.push(new Map([...read].map(([name, { data }]) => [name, data[0] ?? NaN])));
    }
    return metrics;
  } finally {
    await session.close();
  }
}

const [engine = '', reference = ''] = values.engines.split(',');
const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
const head = ['preset', 'update', 'loss', engine, reference, 'relative difference', 'tolerance'];
console.log(row(head));
console.log(row(head.map(() => '---')));
let far = 0;
for (const preset of values.presets.split(',')) {
  const kind = /^(?:dcgans|conditional)/.exec(preset)?.[0].replace('dcgans', 'vanilla');
  const width = Number(values.discriminator);
  const smaller = kind === undefined ? {} : { [`discriminator.${kind}.width`]: width };
  const given = { ...smaller, batch: Number(values.batch), dataset: values.dataset };
  const ours = await train(await preparePreset(preset, given), engine);
  const theirs = await train(await preparePreset(preset, given), reference);
  for (const [index, metrics] of ours.entries()) {
    const tolerance = toleranceAt(index + 1);
    for (const [name, value] of metrics) {
      const other = theirs[index]?.get(name) ?? NaN;
      const difference = Math.abs(value - other) / Math.max(Math.abs(value), Math.abs(other), 1e-6);
      // Not `>`: a number that is none agrees with nothing.
      if (!(difference <= tolerance)) far++;
      const numbers = [value, other].map((n) => n.toPrecision(7));
      const shown = [difference, tolerance].map((n) => n.toExponential(1));
      console.log(row([preset, String(index + 1), name, ...numbers, ...shown]));
    }
  }
}
console.log(far === 0 ? '\nall within tolerance' : `\n${far} beyond tolerance`);
process.exit(far === 0 ? 0 : 1);
