import { expect, test } from 'vitest';
import {
  openExperiment,
  openRun,
  RunDirectoryToken,
  z,
  type EvaluationContext,
  type HostTensor,
} from '../../../core/index.js';
import { tinyRun } from '../../../lab/testing/index.js';
import { pluginOf } from '../../support/plugin.js';
import { plain, runFolder, tiny } from '../open/support.js';

/** Runs an evaluation at the end of a tiny run, with all that it is given. */
async function evaluate<T>(body: (context: EvaluationContext) => Promise<T>): Promise<T> {
  const results: T[] = [];
  const plugin = pluginOf(({ hooks }) => {
    hooks.evaluations.tap(({ add }) => {
      add({
        name: 'mine',
        async run(context) {
          results.push(await body(context));
          return { metrics: new Map([['answer', 42]]) };
        },
      });
    });
    hooks.trainingEnd.tap(({ control }) => {
      control.evaluate('mine');
    });
  });
  await tinyRun({ plugins: [plugin], updates: 1, engine: 'cpu' });
  const [result] = results;
  if (result === undefined) throw new Error('it did not run');
  return result;
}

const examples = { target: Uint32Array.of(0, 1, 2), reference: Uint32Array.of(3, 4, 5) };
const about = { examples, stream: 'mine', position: 0 };

const dataOf = (tensors: ReadonlyMap<string, HostTensor>, name: string): Float32Array =>
  tensors.get(name)?.data ?? new Float32Array();

test('the functions of the context need no `this`', async () => {
  const { made, output } = await evaluate(async (context) => {
    const { batch, infer, measure, safePoint, sequences } = context;
    await safePoint();
    expect(sequences).toEqual(['target', 'reference']);
    const made = await batch(about);
    const [input, reference] = ['input', 'reference'].map((role) => made.signals.get(role));
    if (input === undefined || reference === undefined) throw new Error('no signals');
    const output = await infer({ inputs: { input, reference } });
    const { means, perExample } = await measure(made);
    expect([...means.keys()]).toContain('batch/content');
    const content = perExample.get('content') ?? new Float64Array();
    expect(content).toHaveLength(3);
    // The mean of |target − output|, from what the batch holds.
    const target = dataOf(made.signals, 'target').subarray(0, 784);
    const first = target.reduce((sum, t, i) => sum + Math.abs(t - (made.output.data[i] ?? NaN)), 0);
    expect(content[0]).toBeCloseTo(first / 784, 6);
    return { made, output };
  });
  expect(made.count).toBe(3);
  expect(made.output.shape).toEqual([3, 28, 28, 1]);
  expect(output).toEqual(made.output);
  expect(made.outputBatch?.data).not.toEqual(made.output.data);
});

test('fixed draws are used, others come from stream and position', async () => {
  const { one, again, moved, other } = await evaluate(async ({ batch }) => ({
    one: await batch({ ...about, draws: { a: 0.5 } }),
    again: await batch({ ...about, draws: { a: 0.5 } }),
    moved: await batch({ ...about, draws: { a: 0.5 }, position: 1 }),
    other: await batch({ ...about, split: 'train', draws: { a: 0.25, b: 0, noise: 0 } }),
  }));
  const taken = dataOf(one.taken, 'target');
  expect(dataOf(one.signals, 'target')).toEqual(taken.map((value) => 0.5 * value));
  expect(dataOf(again.signals, 'input')).toEqual(dataOf(one.signals, 'input'));
  expect(dataOf(moved.signals, 'target')).toEqual(dataOf(one.signals, 'target'));
  expect(dataOf(moved.signals, 'input')).not.toEqual(dataOf(one.signals, 'input'));
  // Examples of the other split, with nothing mixed in.
  expect(dataOf(other.taken, 'target')).not.toEqual(taken);
  expect(dataOf(other.signals, 'input')).toEqual(dataOf(other.signals, 'target'));
});

const image: HostTensor = { shape: [1, 28, 28, 1], data: new Float32Array(784) };

test.each<[what: string, run: (context: EvaluationContext) => Promise<unknown>, message: RegExp]>([
  [
    'fixes a draw that there is not',
    ({ batch }) => batch({ ...about, draws: { gain: 1 } }),
    /fixes the draw 'gain', which the augmentation does not have; it draws a, b, noise\./,
  ],
  [
    'leaves out a sequence',
    ({ batch }) => batch({ ...about, examples: { target: Uint32Array.of(0) } }),
    /equally many of 'target' and 'reference' were expected/,
  ],
  [
    'names a sequence that there is not',
    ({ batch }) => batch({ ...about, examples: { ...examples, other: Uint32Array.of(0, 0, 0) } }),
    /'other' \(3\); equally many of/,
  ],
  [
    'asks for weights that nobody keeps',
    ({ batch }) => batch({ ...about, weights: 'average' }),
    /asks for the weights 'average', which no plugin keeps for 'generator'/,
  ],
  [
    'runs a network that there is not',
    ({ infer }) => infer({ network: 'generato', inputs: {} }),
    /runs the network 'generato', which no plugin provides/,
  ],
  [
    'leaves out an input',
    ({ infer }) => infer({ inputs: { input: image } }),
    /'generator' needs 'reference' of shape \[count, 28, 28, 1\]; it is missing/,
  ],
  [
    'gives an input of another shape',
    ({ infer }) => infer({ inputs: { input: image, reference: { ...image, shape: [1, 784] } } }),
    /needs 'reference' of shape \[count, 28, 28, 1\]; \[1, 784\] was given/,
  ],
])('an evaluation that %s is told so', async (_, run, message) => {
  await expect(evaluate(run)).rejects.toThrow(message);
});

/** Counts updates, and remembers how many; its evaluation tells them, and where the run is. */
const counter = () => {
  const folders: string[] = [];
  const plugin = pluginOf(({ hooks, persist, services }) => {
    let seen = 0;
    hooks.updateEnd.tap(() => {
      seen++;
    });
    hooks.evaluations.tap(({ add }) => {
      const run = () => {
        folders.push(services.get(RunDirectoryToken).path);
        return Promise.resolve({ metrics: new Map([['seen', seen]]) });
      };
      add({ name: 'mine', metrics: [{ name: 'seen', better: null }], run });
    });
    hooks.trainingEnd.tap(({ control }) => {
      control.evaluate('mine');
    });
    persist({ schema: z.number(), save: () => seen, restore: (before) => (seen = before) });
  });
  return { plugin, folders };
};

test('evaluated again, a run gives what it gave: plugins remember, and know its folder', async () => {
  const directory = runFolder();
  const { plugin, folders } = counter();
  const plugins = [...tiny.plugins, plugin];
  const experiment = await openExperiment({ ...tiny, updates: 2, plugins }, plain);
  const { results } = await experiment.train({ directory });
  expect(results.get('mine/seen')).toBe(2);
  await experiment.close();
  const again = counter();
  const given = plugins.filter((one) => typeof one === 'object' && 'ncnPlugin' in one);
  const run = await openRun(directory, { plugins: [...given.slice(0, -1), again.plugin] });
  for (const time of [1, 2]) {
    const evaluated = await run.evaluate();
    expect(evaluated.results.get('mine')?.metrics.get('seen'), `time ${time}`).toBe(2);
  }
  await run.close();
  expect(new Set([...folders, ...again.folders])).toEqual(new Set([folders[0]]));
});
