import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import {
  exampleAt,
  openExperiment,
  openRun,
  type Experiment,
  type Metrics,
  type TrainingEvent,
  type TrainResult,
} from '../../../core/index.js';
import { logOf, newest, plain, runFolder, tiny, wordOf } from './support.js';

/** A run that was never stopped. */
const directory = runFolder();
const metrics = new Map<number, Metrics>();
let experiment: Experiment;
let whole: TrainResult;

beforeAll(async () => {
  experiment = await openExperiment(tiny, plain);
  whole = await experiment.train({
    directory,
    onUpdate: (event) => metrics.set(event.update, event.metrics),
  });
});

afterAll(() => experiment.close());

test('a training gives its results, and tells each update', async () => {
  expect(whole).toMatchObject({
    outcome: 'finished',
    stoppedBy: null,
    directory,
    update: 6,
    exit: 0,
  });
  expect(whole.results.get('test/content')).toBeGreaterThan(0);
  expect([...metrics.keys()]).toEqual([1, 2, 3, 4, 5, 6]);
  for (const values of metrics.values()) expect(values.get('generator/loss')).toBeGreaterThan(0);
  expect(await experiment.manifest()).toMatchObject({ preset: 'small', engine: { name: 'wasm' } });
});

test('iterated, it tells everything in order, at the pace of the loop', async () => {
  const watched = await openExperiment(tiny, plain);
  const events: TrainingEvent[] = [];
  let inside = false;
  const training = watched.train({
    directory: runFolder(),
    onUpdate: () => expect(inside).toBe(false),
  });
  for await (const event of training) {
    inside = true;
    events.push(event);
    // Nothing happens while the loop's body waits.
    await new Promise((done) => setTimeout(done, 5));
    inside = false;
  }
  await watched.close();
  expect(events.map(wordOf)).toEqual([
    ...['start 0', 'fixed 0', 'update 1', 'update 2', 'checkpoint 2', 'update 3', 'fixed 3'],
    ...['update 4', 'checkpoint 4', 'update 5', 'update 6', 'fixed 6'],
    ...['checkpoint 6', 'test 6', 'checkpoint 6', 'end 6'],
  ]);
  const seen = events.flatMap((event) => (event.type === 'update' ? [event.metrics] : []));
  expect(seen).toEqual([...metrics.values()]);
  expect(events.at(-1)).toMatchObject({ type: 'end', results: whole.results });
  const tested = events.find((event) => wordOf(event) === 'test 6');
  if (tested?.type !== 'evaluation') throw new Error('not evaluated');
  expect(tested.metrics.get('content')).toBe(whole.results.get('test/content'));
});

test.each([
  ['the same object', false],
  ['the run, opened again', true],
])(
  'aborted after each update in turn and resumed by %s, it ends in the same bytes',
  async (_, again) => {
    for (const after of [1, 3, 6]) {
      const stop = new AbortController();
      const path = runFolder();
      const stopped = await openExperiment(tiny, plain);
      const result = await stopped.train({
        directory: path,
        signal: stop.signal,
        onUpdate: ({ update }) => update === after && stop.abort(),
      });
      expect(result).toMatchObject({ outcome: 'interrupted', stoppedBy: 'abort', update: after });
      expect((await newest(path)).update).toBe(after);
      if (again) await stopped.close();
      const other = again
        ? await openRun(path, { plugins: tiny.plugins.filter(isObject) })
        : stopped;
      const resumed = await other.resume();
      await other.close();
      expect(resumed).toMatchObject({ outcome: 'finished', update: 6, results: whole.results });
      expect((await newest(path)).contentHash).toBe((await newest(directory)).contentHash);
      expect(logOf(path)).toBe(logOf(directory));
    }
  },
);

const isObject = <T>(value: T): value is Extract<T, { ncnPlugin: 1 }> =>
  typeof value === 'object' && value !== null && 'ncnPlugin' in value;

test('left in the middle, the loop stops the training with its state saved', async () => {
  const left = await openExperiment(tiny, plain);
  const path = runFolder();
  for await (const event of left.train({ directory: path })) {
    if (event.type === 'update' && event.update === 4) break;
  }
  expect((await newest(path)).update).toBe(4);
  const { outcome, results } = await left.resume();
  expect([outcome, results]).toEqual(['finished', whole.results]);
  await left.close();
});

test('closing it stops the training too, at an event or between', async () => {
  const closed = await openExperiment(tiny, plain);
  const path = runFolder();
  const words: string[] = [];
  for await (const event of closed.train({ directory: path })) {
    words.push(wordOf(event));
    if (event.type === 'update' && event.update === 3) await closed.close();
  }
  expect(words.at(-1)).toBe('end 3');
  expect((await newest(path)).update).toBe(3);
});

test('a finished run is resumed to the result that it has', async () => {
  const before = logOf(directory);
  const run = await openRun(directory, { plugins: tiny.plugins.filter(isObject) });
  const starts = vi.fn();
  expect(await run.resume({ onStart: starts })).toMatchObject({ ...whole, hookTime: new Map() });
  expect(starts).not.toHaveBeenCalled();
  expect(logOf(directory)).toBe(before);
  await run.close();
});

test('evaluations of the run give what it reported', async () => {
  const { about, results } = await experiment.evaluate();
  expect(about).toMatchObject({ update: 6, seed: 1 });
  expect([...results.keys()]).toEqual(['fixed', 'test']);
  for (const [name, { metrics: found }] of results) {
    expect(found.size).toBeGreaterThan(5);
    for (const [metric, value] of found) expect(whole.results.get(`${name}/${metric}`)).toBe(value);
  }
});

test('an update is replayed to the numbers that it gave', async () => {
  for (const update of [1, 3, 6]) {
    const from: unknown[] = [];
    const replayed = await experiment.replay(update, { onStart: (start) => from.push(start) });
    expect(replayed).toEqual(metrics.get(update));
    expect(from).toEqual([2 * Math.floor((update - 1) / 2)]);
  }
  await expect(experiment.replay(7)).rejects.toMatchObject({ code: 'NCN_REPLAY_RANGE' });
});

test('what it infers is what its evaluation gave, for a batch and for one example', async () => {
  const { results } = await experiment.evaluate();
  const shown = results.get('fixed')?.shown;
  if (shown === undefined) throw new Error('nothing is shown');
  const { name, inputs, output } = await experiment.network();
  expect([name, [...inputs], output]).toEqual([
    'generator',
    [
      ['input', [28, 28, 1]],
      ['reference', [28, 28, 1]],
    ],
    [28, 28, 1],
  ]);
  const given = Object.fromEntries(shown.signals);
  delete given['target'];
  expect(await experiment.infer(given)).toEqual(shown.output);
  const numbers = Object.entries(given).map(([role, { data }]) => [role, data] as const);
  expect(await experiment.infer(Object.fromEntries(numbers))).toEqual(shown.output);
  const second = Object.entries(given).map(([role, batch]) => [role, exampleAt(batch, 1)] as const);
  const one = await experiment.infer(Object.fromEntries(second));
  expect(one.shape).toEqual([28, 28, 1]);
  // Alone and in a batch, a convolution may add in another order.
  const expected = exampleAt(shown.output, 1).data;
  one.data.forEach((value, i) => expect(value).toBeCloseTo(expected[i] ?? NaN, 5));
  // Asked for at once, they are answered in turn.
  const both = await Promise.all([experiment.infer(given), experiment.infer(given)]);
  expect(both).toEqual([shown.output, shown.output]);
});

test('a plan says what will be done, and writes nothing', async () => {
  const planned = await openExperiment(tiny, plain);
  const plan = await planned.plan();
  expect(plan).toMatchObject({ preset: 'small', seed: 1, engine: { name: 'wasm' } });
  expect(plan.lines.join('\n')).toContain(
    'phase main: 6 updates of 2 examples: generator on batch 1',
  );
  expect(plan.estimatedSeconds).toBeGreaterThan(0);
  expect(planned.directory).toBeUndefined();
  await planned.close();
});
