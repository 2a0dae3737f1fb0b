import { existsSync, readdirSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import {
  definePlugin,
  openExperiment,
  openRun,
  tf,
  z,
  type ExperimentOptions,
  type LogLine,
  type Metrics,
} from '../../../core/index.js';
import { tinyData } from '../../../lab/testing/base.js';
import { newest, plain, runFolder, tiny } from './support.js';

/** Everything that an experiment can do, and what it came to. */
async function everything(options: ExperimentOptions): Promise<Metrics[]> {
  const metrics: Metrics[] = [];
  const directory = runFolder();
  const stop = new AbortController();
  const experiment = await openExperiment(tiny, options);
  await experiment.plan();
  await experiment.train({
    directory,
    signal: stop.signal,
    onUpdate: (event) => {
      metrics.push(event.metrics);
      if (event.update === 3) stop.abort();
    },
  });
  await experiment.close();
  const run = await openRun(directory, { ...options, plugins: [tinyData] });
  for await (const event of run.resume({ handleSignals: true })) {
    if (event.type === 'update') metrics.push(event.metrics);
  }
  const { results } = await run.evaluate();
  const given = Object.fromEntries(results.get('fixed')?.shown?.signals ?? []);
  const { input, reference } = given;
  if (input === undefined || reference === undefined) throw new Error('nothing is shown');
  await run.infer({ input, reference });
  metrics.push(await run.replay(5));
  await run.close();
  return metrics;
}

/** What must be after an experiment as it was before. */
async function surroundings(): Promise<Record<string, unknown>> {
  // What ends does so within a turn or two of the event loop.
  await setTimeout(50);
  const events = process.eventNames().map((name) => [String(name), process.listenerCount(name)]);
  const files = existsSync('/proc/self/fd') ? readdirSync('/proc/self/fd').length : 0;
  const kinds = process.getActiveResourcesInfo().filter((kind) => kind !== 'PipeWrap');
  return {
    tensors: tf.memory().numTensors,
    listeners: Object.fromEntries(events),
    resources: kinds.sort(),
    files,
    globals: Reflect.ownKeys(globalThis).length,
    environment: { ...process.env },
    folder: process.cwd(),
  };
}

test.each(['wasm', 'compiled', 'cpu'])(
  'nothing is left behind, and nothing printed (%s)',
  async (engine) => {
    const options = { ...plain, engine };
    const out = vi.spyOn(process.stdout, 'write');
    const err = vi.spyOn(process.stderr, 'write');
    try {
      // What is loaded once and for all is loaded by the first.
      const first = await everything(options);
      const before = await surroundings();
      expect(await everything(options)).toEqual(first);
      expect(await everything(options)).toEqual(first);
      expect(await surroundings()).toEqual(before);
      expect([out.mock.calls, err.mock.calls]).toEqual([[], []]);
    } finally {
      vi.restoreAllMocks();
    }
  },
);

test('without being asked it handles no signal; asked, only while it trains', async () => {
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  const counts = () => signals.map((signal) => process.listenerCount(signal));
  const before = counts();
  const experiment = await openExperiment(tiny, plain);
  const seen: number[][] = [];
  const onUpdate = (): unknown => seen.push(counts());
  await experiment.train({ directory: runFolder(), onUpdate });
  expect(seen).toEqual(Array.from({ length: 6 }, () => before));
  seen.length = 0;
  await experiment.train({ directory: runFolder(), onUpdate, handleSignals: true });
  expect(seen).toEqual(Array.from({ length: 6 }, () => before.map((count) => count + 1)));
  expect(counts()).toEqual(before);
  await experiment.close();
});

test('a signal that it was asked to handle stops it as an AbortSignal does', async () => {
  const experiment = await openExperiment(tiny, plain);
  const result = await experiment.train({
    directory: runFolder(),
    handleSignals: true,
    onUpdate: ({ update }) => update === 2 && process.emit('SIGTERM', 'SIGTERM'),
  });
  expect(result).toMatchObject({ outcome: 'interrupted', stoppedBy: 'SIGTERM', exit: 143 });
  await experiment.close();
});

test('experiments that train at the same time come to what they do alone', async () => {
  const kinds = [
    plain,
    { ...plain, engine: 'cpu' },
    { ...plain, seed: 2 },
    { ...plain, engine: 'compiled' },
  ];
  const train = async (options: ExperimentOptions): Promise<string> => {
    const directory = runFolder();
    const experiment = await openExperiment(tiny, options);
    try {
      await experiment.train({ directory });
      return (await newest(directory)).contentHash;
    } finally {
      await experiment.close();
    }
  };
  const alone: string[] = [];
  for (const kind of kinds) alone.push(await train(kind));
  expect(new Set(alone).size).toBe(kinds.length);
  expect(await Promise.all(kinds.map(train))).toEqual(alone);
});

test('what a command would log is told to whoever asks', async () => {
  const lines: LogLine[] = [];
  const warner = definePlugin({
    name: 'warner',
    version: '1.0.0',
    summary: 'a test',
    options: z.strictObject({}),
    setup: ({ hooks, log }) => {
      hooks.runStart.tap(() => log.warn('mind the gap'));
    },
  });
  const options = { ...plain, plugins: [warner], onLog: (line: LogLine) => lines.push(line) };
  const experiment = await openExperiment(tiny, options);
  await experiment.train({ directory: runFolder() });
  await experiment.close();
  expect(lines).toContainEqual({ level: 'warning', message: 'mind the gap', plugin: 'warner' });
});
