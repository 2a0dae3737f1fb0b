import { mkdtemp, readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { hashOfSignals, inMemory } from '../../core/data/examples.js';
import type { Shape } from '../../core/data/types.js';
import { PresetLibrary } from '../../core/experiment/library.js';
import { definePreset, use } from '../../core/experiment/preset.js';
import { resolveExperiment } from '../../core/experiment/resolve.js';
import { definePlugin, type Plugin } from '../../core/plugins/plugin.js';
import { PluginLoader } from '../../core/plugins/loader.js';
import { CheckpointStore } from '../../core/run/checkpoints.js';
import { RunDirectory } from '../../core/run/directory.js';
import type { JsonValue } from '../../core/run/json.js';
import { createLog } from '../../core/services/log.js';
import { Terminal } from '../../core/services/terminal.js';
import { ones } from '../../core/step/initializers.js';
import { tf } from '../../core/tf.js';
import { prepare } from '../../core/trainer/build/prepare.js';
import { unchangedFrom } from '../../core/trainer/loop/continuation.js';
import { continueRun, startRun } from '../../core/trainer/loop/execute.js';
import { Interrupted } from '../../core/trainer/loop/interruption.js';
import { openEngine } from '../../engines/registry.js';

export interface ShownExperiment {
  /** Shape of the signal that is learned: roles `mixture` and `target`, and the output. */
  readonly shape: Shape;
  /** Shapes of further roles, which the network is not given. */
  readonly extra?: Readonly<Record<string, Shape>>;
  /** Plugins with options, beside those of the training. */
  readonly plugins: readonly (readonly [name: string, options?: Record<string, JsonValue>])[];
  readonly adopted?: readonly Plugin[];
  readonly updates?: number;
  /** Stops after this update as a signal would, and resumes with the plugins set up anew. */
  readonly interruptAfter?: number;
}

const size = (shape: Shape): number => shape.reduce((product, side) => product * side, 1);

/** Smooth values between 0 and 1, others for each example. */
const signal = (shape: Shape, count: number, phase: number) => ({
  shape,
  data: Float32Array.from(
    { length: count * size(shape) },
    (_, i) => 0.5 + 0.5 * Math.sin(phase + i / 7 + Math.floor(i / size(shape))),
  ),
});

/** Data, augmentation and network of an experiment on signals of any shape. */
function parts({ shape, extra = {}, interruptAfter }: ShownExperiment): Plugin {
  return definePlugin({
    name: 'test.parts',
    version: '1.0.0',
    summary: 'for tests: learns by which number to multiply',
    options: z.strictObject({}),
    setup({ hooks }) {
      const split = (count: number) => ({
        main: signal(shape, count, count),
        ...Object.fromEntries(Object.entries(extra).map(([n, s]) => [n, signal(s, count, 1)])),
      });
      hooks.datasets.tap(({ add }) => {
        const [train, test] = [split(8), split(5)];
        const hash = hashOfSignals(train, test);
        const data = { train: inMemory(8, train), test: inMemory(5, test), hash };
        const load = () => Promise.resolve({ name: 'waves', source: 'test', ...data });
        add({ name: 'waves', summary: 'made in the test', load });
      });
      const further = Object.keys(extra);
      hooks.augmentation.tap(({ set }) => {
        set({
          name: 'test',
          takes: Object.fromEntries(['main', ...further].map((name) => [name, { signal: name }])),
          draws: {},
          makes: ['target', ...further, 'mixture'],
          apply({ main, ...others }) {
            if (main === undefined) throw new Error('no signal');
            return { target: main, mixture: tf.mul(main, 0.5), ...others };
          },
        });
      });
      hooks.networks.tap(({ add }) => {
        add({
          name: 'net',
          inputs: { seen: 'mixture' },
          forward: (layers, { seen }) => tf.mul(seen, layers.weight('gain', [1], ones)),
        });
      });
      hooks.updateStart.tap(
        ({ update, run }) => {
          if (!run.resumed && update - 1 === interruptAfter) throw new Interrupted('SIGTERM');
        },
        { stage: 'first' },
      );
    },
  });
}

export interface ShownRun {
  readonly path: string;
  /** Files in a folder of the run, in order. */
  readonly files: (folder: string) => Promise<string[]>;
  readonly read: (...file: string[]) => Promise<Buffer>;
  /** Whether it was stopped and resumed. */
  readonly stopped: boolean;
  /** Messages in the run's log. */
  readonly log: readonly string[];
}

/** A real run of an experiment in which plugins show what is evaluated. */
export async function shownRun(experiment: ShownExperiment): Promise<ShownRun> {
  const path = join(await mkdtemp(join(tmpdir(), 'ncn-shown-')), 'run');
  const directory = await RunDirectory.createAt(path);
  const store = new CheckpointStore(directory.checkpoints);
  const stopped = (await runOnce(experiment, directory)) === 'interrupted';
  if (stopped) {
    await runOnce(experiment, directory, await store.latestValid(() => undefined));
  }
  const lines = (await readFile(directory.log, 'utf8')).split('\n').filter((line) => line !== '');
  const read = (...file: string[]) => readFile(join(path, ...file));
  return {
    path,
    stopped,
    files: async (folder) => (await readdir(join(path, folder))).sort(),
    read,
    log: lines.map((line) => z.object({ msg: z.string() }).parse(JSON.parse(line)).msg),
  };
}

async function runOnce(
  experiment: ShownExperiment,
  directory: RunDirectory,
  from?: Awaited<ReturnType<CheckpointStore['latestValid']>>,
): Promise<string> {
  const library = await PresetLibrary.load();
  const loader = new PluginLoader();
  for (const plugin of experiment.adopted ?? []) loader.adopt(plugin);
  library.add(
    definePreset({
      name: 'shown',
      summary: 'for tests',
      updates: experiment.updates ?? 4,
      batch: 2,
      plugins: [
        use(loader.adopt(parts(experiment)).spec),
        use('loss.content'),
        use('updates.generator'),
        use('optimizer.adam', { learningRate: 0.1 }),
        use('evaluation', { every: 2, examples: 5 }),
        use('checkpoints', { every: 1 }),
        ...experiment.plugins.map(([name, options]) => use(name, options)),
      ],
    }),
  );
  const terminal = new Terminal('quiet');
  const host = { terminal, log: createLog(terminal) };
  const prepared = await prepare(
    await resolveExperiment({ preset: 'shown' }, library, loader),
    host,
  );
  const session = await openEngine('wasm', { threads: 1 });
  try {
    const { outcome } =
      from === undefined
        ? await startRun(prepared, session, directory, host)
        : await continueRun(prepared, session, directory, host, unchangedFrom(from));
    return outcome.kind;
  } finally {
    await session.close();
  }
}
