import { fileURLToPath } from 'node:url';
import * as host from '../../core/index.js';
import { openEngine } from '../../core/engine/registry.js';
import type { EngineSession } from '../../core/engine/types.js';
import { PresetLibrary } from '../../core/experiment/library.js';
import { resolveExperiment } from '../../core/experiment/resolve.js';
import { PluginLoader } from '../../core/plugins/loader.js';
import type { JsonValue } from '../../core/run/json.js';
import { createLog } from '../../core/services/log.js';
import { Terminal } from '../../core/services/terminal.js';
import { BatchSource, type BatchNeeds } from '../../core/trainer/batches.js';
import { prepare, type Prepared } from '../../core/trainer/prepare.js';
import { initialState } from '../../core/trainer/state.js';

const library = await PresetLibrary.load();
const loader = new PluginLoader(host);
const tinyData = fileURLToPath(new URL('./tiny-data.ts', import.meta.url));

/** The smallest networks that still have every part. */
export const tinyValues: Readonly<Record<string, JsonValue>> = {
  dataset: 'tiny',
  batch: 2,
  'generator.resconvnet.width': 2,
  'generator.resconvnet.depth': 1,
  'discriminator.vanilla.width': 1 / 64,
  'discriminator.conditional.width': 1 / 64,
  'subset.images': 100,
  'evaluation.testImages': 4,
  'evaluation.testBatch': 2,
};

/** What a step of the main phase needs that consumes one batch and whose losses draw nothing. */
export const oneBatch: BatchNeeds = { phase: { name: 'main' }, batches: 1, draws: new Map() };

/** A preset made tiny, with its steps built. */
export async function prepareTiny(
  preset: string,
  values: Readonly<Record<string, JsonValue>> = {},
  plugins: readonly string[] = [],
): Promise<Prepared> {
  const probe = await resolveExperiment({ preset, plugins }, library, loader);
  const names = probe.plugins.map(({ loaded }) => loaded.plugin.name);
  const set = Object.entries({ ...tinyValues, ...values })
    .filter(([path]) => !path.includes('.') || names.some((name) => path.startsWith(`${name}.`)))
    .map(([path, value]) => [path, value, 'test'] as const);
  const experiment = await resolveExperiment(
    { preset, plugins: [tinyData, ...plugins], set },
    library,
    loader,
  );
  const terminal = new Terminal('quiet');
  return prepare(experiment, { terminal, log: createLog(terminal) });
}

export interface Trained {
  readonly metrics: ReadonlyMap<string, number>[];
  readonly state: ReadonlyMap<string, host.HostTensor>;
  readonly session: EngineSession;
}

/** Runs the first updates of every phase on an engine, without hooks. The caller closes the session. */
export async function trainTiny(
  prepared: Prepared,
  engine: string,
  updates: number,
): Promise<Trained> {
  const { built, dataset, random, sampler, experiment } = prepared;
  const session = await openEngine(engine);
  await session.write(initialState(prepared));
  const batches = new BatchSource(
    dataset.train,
    built.blueprint.augmentation,
    random,
    sampler,
    experiment.core.batch,
  );
  const metrics: ReadonlyMap<string, number>[] = [];
  for (const step of built.steps) {
    await session.write(step.initialState());
    for (let update = 1; update <= updates; update++) {
      const feed = batches.at(step, update);
      const scalars = new Map([...step.scalars(update), ...feed.scalars]);
      const outputs = await session.run(step.program, feed.inputs, scalars);
      const read = await outputs.read();
      metrics.push(new Map([...read].map(([name, { data }]) => [name, data[0] ?? NaN])));
    }
  }
  return { metrics, state: await session.read(), session };
}
