/**
 * What the framework costs beside the training step: `npm run bench:overhead`.
 *
 * Times, with the documented configuration of conditional_v5, everything that happens around an
 * update: putting a batch together, dispatching all hooks, reading scalars, logging metrics. The
 * step itself is not run: its time at documented size is measured once on the given engine
 * (`--engine NAME`, default auto; `--step-seconds S` gives it instead), and the ratio is printed.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEngine } from '../engines/registry.js';
import type { EngineSession } from '../core/engine/types.js';
import type { OpenExperiment } from '../core/open/experiment.js';
import { initialState } from '../core/trainer/build/state.js';
import { batchesOf } from '../core/trainer/loop/batches-of.js';
import { metricsOf, runUpdate, scalarsOf } from '../core/trainer/loop/update.js';
import { IdleSession } from './idle-session.js';
import { number, scriptOptions, word } from './options.js';
import { openPreset } from './prepared.js';

const updates = 400;

const documented = (engine: string | EngineSession): Promise<OpenExperiment> =>
  openPreset(
    'conditional_v5',
    {},
    {
      updates,
      dataset: 'glyphs',
      without: ['evaluation', 'images'],
      engine,
    },
  );

/** Milliseconds per update of everything but the step. */
async function overhead(): Promise<number> {
  const experiment = await documented(new IdleSession());
  const folder = await mkdtemp(join(tmpdir(), 'ncn-bench-'));
  let start = NaN;
  try {
    await experiment.train({
      directory: join(folder, 'run'),
      onStart: () => (start = performance.now()),
    });
    return (performance.now() - start) / updates;
  } finally {
    await experiment.close();
    await rm(folder, { recursive: true });
  }
}

/** Seconds of one documented update on an engine. */
async function stepSeconds(engine: string): Promise<number> {
  const prepared = await (await documented(engine)).prepare();
  const [step] = prepared.built.steps;
  if (step === undefined) throw new Error('the preset has no phase');
  const session = await openEngine(engine);
  await session.write(initialState(prepared));
  await session.write(step.initialState());
  const batches = batchesOf(prepared);
  let seconds = 0;
  // The first update compiles; the second is timed.
  for (const update of [1, 2]) {
    const feed = await batches.at(step, update);
    const scalars = scalarsOf(step, update, feed);
    const start = performance.now();
    await metricsOf(await runUpdate(session, step, feed, scalars));
    seconds = (performance.now() - start) / 1000;
  }
  await session.close();
  return seconds;
}

const values = scriptOptions({
  command: 'npm run bench:overhead',
  about: 'What the framework costs beside the training step.',
  options: {
    engine: word('name', 'engine of the step', 'auto'),
    'step-seconds': number('what an update takes, in place of measuring it', undefined),
  },
});
const runs: number[] = [];
for (let i = 0; i < 5; i++) runs.push(await overhead());
runs.sort((a, b) => a - b);
const [low = 0, , median = 0, , high = 0] = runs;
console.log(
  `framework per update, batch 100: median ${median.toFixed(2)} ms (${low.toFixed(2)} to ${high.toFixed(2)}, 5 runs of ${updates} updates)`,
);
const given = values['step-seconds'];
const step = given === undefined ? await stepSeconds(values.engine) : given;
console.log(
  `conditional-GAN update at documented size${given === undefined ? ` on ${values.engine}` : ', as given'}: ${step.toFixed(2)} s`,
);
console.log(`share of the framework: ${((100 * median) / 1000 / step).toFixed(3)} %`);
process.exit(0);
