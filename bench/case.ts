/**
 * One case of `npm run bench`, in a process of its own so that its peak memory is its own.
 * Prints one line of JSON. `--work generator|discriminator|gan|training --batch N --engine NAME
 * [--threads N] [--updates N] [--seconds S] [--preset NAME] [--profile NAME]
 * [--length SECONDS] [--form NAME] [--wide]`
 *
 * `training` is the preset's own last phase, on noise of the shape of its data.
 */
import type { HostTensor } from '../core/engine/types.js';
import { openEngine } from '../engines/registry.js';
import { buildTrainingStep, type TrainingStep } from '../core/step/program.js';
import type { Phase } from '../core/step/types.js';
import type { ProgramFeed } from '../core/trainer/loop/batches.js';
import { RandomStreams } from '../core/random/streams.js';
import type { Prepared } from '../core/trainer/build/prepare.js';
import { initialState } from '../core/trainer/build/state.js';
import { batchesOf } from '../core/trainer/loop/batches-of.js';
import { metricsOf, runUpdate, scalarsOf } from '../core/trainer/loop/update.js';
import type { CaseResult } from './measure.js';
import { choice, flag, maybe, number, scriptOptions, whole, word } from './options.js';
import { preparePreset } from './prepared.js';
import { timeUpdates, timingHelp } from './timing.js';

const orders: Readonly<Record<string, Phase['order']>> = {
  generator: [{ network: 'generator', terms: ['content'], batch: 0 }],
  discriminator: [{ network: 'discriminator', batch: 0 }],
  gan: [
    { network: 'discriminator', batch: 0 },
    { network: 'generator', batch: 0 },
  ],
};

function stepOf({ built }: Prepared, work: string): TrainingStep {
  const last = built.steps.at(-1);
  if (work === 'training' && last !== undefined) return last;
  const order = orders[work];
  if (order === undefined) throw new Error(`--work ${work}: ${Object.keys(orders).join(', ')}`);
  return buildTrainingStep(built.blueprint, built.networks, { name: 'main', updates: 1000, order });
}

const values = scriptOptions({
  command: 'node dist/bench/case.js',
  about: 'One case of npm run bench, or of bench:profile: prints one line of JSON.',
  options: {
    work: choice('what is timed', [...Object.keys(orders), 'training'], 'gan'),
    batch: whole('examples in a batch', 16),
    engine: word('name', 'engine', 'compiled'),
    threads: whole('threads of the engine; 0: its own choice', 0, 0),
    updates: whole(timingHelp.updates, 7),
    seconds: number(timingHelp.seconds, 0),
    preset: maybe('name', 'preset'),
    profile: word('name', 'profile', 'documented'),
    length: number('seconds of sound in an example, for presets of speech', undefined),
    form: word('name', 'of the speech network', 'crn'),
    wide: flag('twice as wide'),
  },
});
const { batch } = values;
const preset = values.preset ?? (values.work === 'generator' ? 'dcnn_v1' : 'conditional_v5');
const sound = values.length;
const wider = { 'speech.generator.filters': [24, 32, 48, 64], 'speech.generator.width': 256 };
const given =
  sound === undefined
    ? { batch, dataset: 'glyphs' }
    : {
        batch,
        'speech.data.cutSeconds': sound,
        'speech.data.clips': 16,
        'speech.generator.form': values.form,
        ...(values.wide ? wider : {}),
      };
const options = sound === undefined ? { profile: values.profile } : {};
const prepared = await preparePreset(preset, given, options);
const step = stepOf(prepared, values.work);
const count = values.threads;
const threads = count === 0 ? {} : { threads: count };
const session = await openEngine(values.engine, threads);
await session.write(initialState(prepared));
await session.write(step.initialState());
const batches = values.work === 'training' ? undefined : batchesOf(prepared);
const noise = noiseFor(step);
const prepareStart = performance.now();
await session.prepare(step.program, step.signature(batch));
const compileMs = performance.now() - prepareStart;

/** What a step reads, of noise: the same at each update. */
function noiseFor(step: TrainingStep): ProgramFeed {
  const { inputs, scalars } = step.signature(batch);
  const known = step.scalars(1);
  const noise = new RandomStreams(1).at('bench/noise');
  const signal = (shape: readonly number[]): HostTensor => {
    const data = new Float32Array(shape.reduce((size, side) => size * side, 1));
    return { shape, data: noise.fillUniform(data, -0.1, 0.1) };
  };
  return {
    inputs: new Map([...inputs].map(([name, shape]) => [name, signal(shape)])),
    scalars: new Map(scalars.filter((name) => !known.has(name)).map((name) => [name, 0.5])),
  };
}

/** Milliseconds of one update, its losses read. */
async function update(number: number): Promise<number> {
  const feed = batches === undefined ? noise : await batches.at(step, number);
  const scalars = scalarsOf(step, number, feed);
  const start = performance.now();
  await metricsOf(await runUpdate(session, step, feed, scalars));
  return performance.now() - start;
}

const result: CaseResult = {
  ...(await timeUpdates(update, values)),
  compileMs,
  peakBytes: process.resourceUsage().maxRSS * 1024,
  about: `${session.engine.name} (${session.engine.version}, ${session.engine.device})`,
};
console.log(JSON.stringify(result));
await session.close();
process.exit(0);
