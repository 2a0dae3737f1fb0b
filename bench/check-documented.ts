/**
 * Compares the engines at documented width (the discriminator at half of it, see below): `npm run
 * check:documented`. For each preset it runs the first updates of the main phase, from the same
 * initial state and the same batches, on `compiled` and on eager `wasm`, and prints for each update
 * the loss in which they are farthest apart. Takes minutes, since wasm is slow at this width. Ends
 * with code 1 when a difference exceeds the tolerance.
 */
import { openEngine } from '../engines/registry.js';
import { PresetLibrary } from '../core/experiment/library.js';
import type { Metrics } from '../core/hooks/payloads.js';
import type { Prepared } from '../core/trainer/build/prepare.js';
import { initialState } from '../core/trainer/build/state.js';
import { batchesOf } from '../core/trainer/loop/batches-of.js';
import { repeatUpdate } from '../core/trainer/loop/replay.js';
import { metricsOf } from '../core/trainer/loop/update.js';
import { number, scriptOptions, whole, word, words } from './options.js';
import { preparePreset } from './prepared.js';

const values = scriptOptions({
  command: 'npm run check:documented',
  about: 'Compares two engines at documented width, update by update.',
  options: {
    presets: words('presets with commas; all by default'),
    engines: word('a,b', 'the engine, and the one to compare it with', 'compiled,wasm'),
    updates: whole('updates of each', 2),
    batch: whole('examples in a batch', 2),
    // At 1 its updates need more memory than wasm can address.
    discriminator: number('width of the discriminator', 0.5),
    dataset: word('name', 'data set', 'glyphs'),
  },
});

/**
 * Relative. From the second update on, losses depend on weights after an update of Adam, whose first
 * step is the sign of the gradient: where a gradient is all but zero, rounding decides it. In the
 * kernels of the discriminator that is one weight in a million.
 */
const toleranceAt = (update: number): number => (update === 1 ? 1e-5 : 1e-4);

async function train(prepared: Prepared, engine: string): Promise<Metrics[]> {
  const step = prepared.built.steps.at(-1);
  if (step === undefined) throw new Error('the preset has no phase');
  const batches = batchesOf(prepared);
  const session = await openEngine(engine);
  try {
    await session.write(initialState(prepared));
    await session.write(step.initialState());
    await session.prepare(step.program, step.signature(prepared.experiment.core.batch));
    const metrics: Metrics[] = [];
    for (let update = 1; update <= values.updates; update++) {
      const { outputs } = await repeatUpdate(session, step, batches, update);
      metrics.push(await metricsOf(outputs));
    }
    return metrics;
  } finally {
    await session.close();
  }
}

const [engine = '', reference = ''] = values.engines.split(',');
const presets = values.presets ?? (await PresetLibrary.load()).list().map(({ name }) => name);
/** Clips are made on the way: few, and short pieces of them. */
const spoken = {
  ...{ 'speech.data.clips': 2, 'speech.data.testClips': 1, 'speech.data.cutSeconds': 1 },
  ...{ 'speech.data.rooms': 2, batch: 2, dataset: 'speech:embedded' },
};
const pictures = (preset: string) => {
  const kind = /^(?:dcgans|conditional)/.exec(preset)?.[0].replace('dcgans', 'vanilla');
  const width = values.discriminator;
  const smaller = kind === undefined ? {} : { [`discriminator.${kind}.width`]: width };
  return { ...smaller, batch: values.batch, dataset: values.dataset };
};
const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
const head = ['preset', 'update', 'losses', 'farthest', engine, reference, 'apart', 'tolerance'];
console.log(row(head));
console.log(row(head.map(() => '---')));
let far = 0;
for (const preset of presets) {
  const given = preset.startsWith('speech_') ? spoken : pictures(preset);
  const ours = await train(await preparePreset(preset, given), engine);
  const theirs = await train(await preparePreset(preset, given), reference);
  for (const [index, metrics] of ours.entries()) {
    const tolerance = toleranceAt(index + 1);
    const compared = [...metrics].map(([name, value]) => {
      const other = theirs[index]?.get(name) ?? NaN;
      // A ratio in decibels: what is apart is the ratio.
      const scale = name.endsWith('/si_sdr')
        ? 10 / Math.LN10
        : Math.max(Math.abs(value), Math.abs(other), 1e-6);
      return { name, value, other, apart: Math.abs(value - other) / scale };
    });
    // A number that is none agrees with nothing.
    far += compared.filter(({ apart }) => !(apart <= tolerance)).length;
    const [most] = compared.sort((a, b) => b.apart - a.apart);
    if (most === undefined) continue;
    const numbers = [most.value, most.other].map((n) => n.toPrecision(7));
    const shown = [most.apart, tolerance].map((n) => n.toExponential(1));
    const count = String(compared.length);
    console.log(row([preset, String(index + 1), count, most.name, ...numbers, ...shown]));
  }
}
console.log(far === 0 ? '\nall within tolerance' : `\n${far} beyond tolerance`);
process.exit(far === 0 ? 0 : 1);
