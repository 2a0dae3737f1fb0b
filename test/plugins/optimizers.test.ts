import { beforeAll, expect, test } from 'vitest';
import { openExperiment, use, type Optimizer } from '../../core/index.js';
import { jsonSchema, scaleUpdates } from '../../core/experiment/units.js';
import { tf } from '../../core/tf.js';
import { accumulating } from '../../plugins/gradients/accumulate.js';
import clip from '../../plugins/gradients/clip.js';
import adamwPlugin, { adamw } from '../../plugins/optimizer/adamw.js';
import { lion } from '../../plugins/optimizer/lion.js';
import muonPlugin, { muon } from '../../plugins/optimizer/muon.js';
import { rmsprop } from '../../plugins/optimizer/rmsprop.js';
import { sgd } from '../../plugins/optimizer/sgd.js';
import { prepareTiny } from '../../lab/testing/prepare.js';
import { plain as oneThread, runFolder, tiny } from '../core/open/support.js';
import { trainTiny } from '../support/tiny.js';
import { golden } from './golden.js';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const start = [0.7, -0.3, 0.05, 1.2];
const gradientAt = (step: number): number[] => start.map((_, i) => 2 * Math.sin(step * (i + 1)));

/** The weights after each step. @param name of the weight */
function trajectory(optimizer: Optimizer, steps: number, name = 'net/a/kernel'): number[][] {
  let value: tf.Tensor = tf.tensor1d(start);
  let slots: ReadonlyMap<string, tf.Tensor> = new Map(
    optimizer.slots.map((slot) => [slot, tf.zeros([4])]),
  );
  return Array.from({ length: steps }, (_, i) => {
    const numbers = Object.entries(optimizer.scalars(i + 1, i + 1));
    const scalars = new Map(numbers.map(([key, x]) => [key, tf.scalar(x)]));
    const gradient = tf.tensor1d(gradientAt(i + 1));
    ({ value, slots } = optimizer.apply({ name, value, gradient, slots, scalars }));
    expect([...slots.keys()].sort()).toEqual([...optimizer.slots].sort());
    return [...value.dataSync()];
  });
}

const plain = { weightDecay: 0, decayed: 'all' } as const;
const descent = { ...plain, learningRate: 0.05, nesterov: false };
const squares = { learningRate: 0.01, decay: 0.9, epsilon: 1e-8 };
const adam = {
  ...{ learningRate: 0.01, warmUp: 0, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
  ...{ weightDecay: 0.1, decayed: 'all' as const },
};

test.each<[string, Optimizer]>([
  ['sgd', sgd({ ...descent, momentum: 0 })],
  ['momentum', sgd({ ...descent, momentum: 0.9 })],
  ['nesterov', sgd({ ...descent, momentum: 0.9, nesterov: true })],
  ['rmsprop', rmsprop({ ...squares, momentum: 0, centred: false })],
  ['centred', rmsprop({ ...squares, momentum: 0.5, centred: true })],
  ['adamw', adamw(adam)],
])('%s goes the way of PyTorch', (name, optimizer) => {
  const expected = golden.optimizers[name] ?? [];
  expect(expected).toHaveLength(6);
  trajectory(optimizer, 6).forEach((weights, step) => {
    weights.forEach((w, i) => expect(w).toBeCloseTo(expected[step]?.[i] ?? NaN, 5));
  });
});

test('gathered gradients make a step of their mean, and the weights stay in between', () => {
  const found = trajectory(accumulating(adamw(adam), 4), 12);
  const expected = golden.optimizers['gathered'] ?? [];
  found.forEach((weights, i) => {
    const at = Math.floor((i + 1) / 4);
    const wanted = at === 0 ? start : (expected[at - 1] ?? []);
    weights.forEach((w, k) => expect(w).toBeCloseTo(wanted[k] ?? NaN, 5));
  });
});

const falling = { schedule: 'linear', from: 0.01, to: 0, start: 0, end: 10 } as const;

test('schedules count updates of the phase, however many steps a network makes in one', async () => {
  const several = await prepareTiny({
    preset: 'tiny-gan',
    plugins: ['updates.unpaired'],
    without: ['updates.paired'],
    values: { 'updates.unpaired.discriminatorUpdates': 5, 'optimizer.adam.learningRate': falling },
  });
  const [step] = several.built.steps;
  for (const update of [1, 2, 9]) {
    const rate = 0.01 * (1 - update / 10);
    expect(step?.learningRates(update).get('discriminator')).toBeCloseTo(rate, 12);
    expect(step?.learningRates(update).get('generator')).toBeCloseTo(rate, 12);
    for (let index = 0; index < 5; index++) {
      // The correction of the bias counts the steps.
      const t = 5 * (update - 1) + index + 1;
      const expected = (rate * Math.sqrt(1 - 0.999 ** t)) / (1 - 0.9 ** t);
      const name = `optimizer/${index}/discriminator/rate`;
      expect(step?.scalars(update).get(name)).toBeCloseTo(expected, 12);
    }
  }
});

test('with gathered gradients, too: what corrects a bias counts the steps that are made', async () => {
  const few = await prepareTiny({
    plugins: ['optimizer.adamw', 'gradients.accumulate'],
    values: { 'optimizer.adamw.learningRate': falling, 'gradients.accumulate.batches': 4 },
  });
  const [step] = few.built.steps;
  for (const update of [1, 4, 8, 9]) {
    const rate = 0.01 * (1 - update / 10);
    expect(step?.learningRates(update).get('generator')).toBeCloseTo(rate, 12);
    const scalars = step?.scalars(update);
    const expected = rate / (1 - 0.9 ** Math.ceil(update / 4));
    expect(scalars?.get('optimizer/0/generator/rate')).toBeCloseTo(expected, 12);
    expect(scalars?.get('optimizer/0/generator/gathered/due')).toBe(Number(update % 4 === 0));
  }
});

const scheduled = { ...adam, learningRate: falling };

test.each<[string, Optimizer]>([
  ['sgd', sgd({ ...descent, ...scheduled, momentum: 0 })],
  ['lion', lion({ ...scheduled, beta1: 0.9, beta2: 0.99 })],
  ['rmsprop', rmsprop({ ...squares, learningRate: falling, momentum: 0, centred: false })],
  ['muon', muon({ ...scheduled, momentum: 0.95, steps: 5 })],
])('%s takes its rate by the update, at whatever step', (_, { scalars }) => {
  const { rate, step, decay = 0.0005 } = scalars(100, 5);
  expect(step ?? rate).toBeCloseTo(0.005, 12);
  expect(decay).toBeCloseTo(0.0005, 12);
});

test('Lion in double precision: steps of one size, by the sign of a mixture', () => {
  const settings = { learningRate: 0.01, beta1: 0.9, beta2: 0.99, weightDecay: 0.5 };
  let [theta, m] = [start, start.map(() => 0)];
  const found = trajectory(lion({ ...settings, decayed: 'all' }), 6);
  for (const [i, weights] of found.entries()) {
    const g = gradientAt(i + 1);
    theta = theta.map((w, k) => {
      const sign = Math.sign(0.9 * (m[k] ?? 0) + 0.1 * (g[k] ?? 0));
      return w - 0.01 * (sign + 0.5 * w);
    });
    m = m.map((old, k) => 0.99 * old + 0.01 * (g[k] ?? 0));
    weights.forEach((w, k) => expect(w).toBeCloseTo(theta[k] ?? NaN, 6));
  }
});

test('decay may be of kernels alone: an optimizer is told the name of the weight', () => {
  const fast = { learningRate: 0.1, weightDecay: 1, decayed: 'kernels' } as const;
  for (const optimizer of [
    adamw({ ...adam, ...fast }),
    lion({ ...fast, beta1: 0.9, beta2: 0.99 }),
    sgd({ ...fast, momentum: 0.9, nesterov: false }),
  ]) {
    const [kernel, bias] = ['net/a/kernel', 'net/a/bias'].map(
      (name) => trajectory(optimizer, 1, name)[0] ?? [],
    );
    // A tenth of the weight is what the kernel lost more.
    start.forEach((w, i) =>
      expect((bias?.[i] ?? NaN) - (kernel?.[i] ?? NaN)).toBeCloseTo(0.1 * w, 6),
    );
  }
});

test('a run tells its optimizer the names of weights, and another plugin may wrap it', async () => {
  const without = { 'optimizer.adamw.decayed': 'kernels', 'optimizer.adamw.weightDecay': 10 };
  const train = async (plugins: string[]) => {
    const prepared = await prepareTiny({
      plugins: ['optimizer.adamw', ...plugins],
      without: ['optimizer.adam'],
      values: without,
    });
    const { state, session } = await trainTiny(prepared, 'cpu', 2);
    await session.close();
    return state;
  };
  const [each, gathered] = [await train([]), await train(['gradients.accumulate'])];
  const gamma = each.get('generator/bn1/gamma')?.data ?? [];
  // Without decay Adam's first steps are of the learning rate.
  gamma.forEach((x) => expect(Math.abs(x - 1)).toBeLessThan(0.005));
  const name = 'optimizer/main/generator/conv1/kernel/gathered';
  expect(gathered.get(name)?.data.some((x) => x !== 0)).toBe(true);
  expect(gathered.get('generator/bn1/gamma')?.data.every((x) => x === 1)).toBe(true);
});

test.each<[string, Readonly<Record<string, number | string | boolean>>]>([
  ['sgd', { nesterov: true, weightDecay: 0.1, decayed: 'kernels' }],
  ['rmsprop', { centred: true, momentum: 0.5 }],
  ['lion', { weightDecay: 0.1 }],
])('a run with %s takes the place of Adam’s, and compiled agrees with cpu', async (name, given) => {
  const options = Object.entries(given).map(
    ([key, value]) => [`optimizer.${name}.${key}`, value] as const,
  );
  const train = async (engine: string) => {
    const values = Object.fromEntries(options);
    const prepared = await prepareTiny({ plugins: [`optimizer.${name}`], values });
    const { state, session } = await trainTiny(prepared, engine, 2);
    await session.close();
    return state;
  };
  const [cpu, compiled] = [await train('cpu'), await train('compiled')];
  // A bias before a batch normalisation has no gradient but rounding's, of which these take the sign.
  for (const key of ['generator/output/kernel', 'generator/output/bias', 'generator/bn1/gamma']) {
    const data = cpu.get(key)?.data ?? new Float32Array();
    expect(data.length).toBeGreaterThan(0);
    const other = compiled.get(key)?.data ?? [];
    data.forEach((x, i) => expect(Math.abs(x - (other[i] ?? NaN)), key).toBeLessThan(3e-4));
  }
});

test.each(['adam', 'lion', 'rmsprop', 'sgd'])(
  'optimizer.%s refuses settings of a network that there is not',
  async (name) => {
    const networks = { generater: { learningRate: 1 } };
    const values = { [`optimizer.${name}.networks`]: networks };
    await expect(prepareTiny({ plugins: [`optimizer.${name}`], values })).rejects.toThrow(
      /no network 'generater'\. Did you mean 'generator'\?/,
    );
  },
);

test('those of a preset may be for a network that was left out, unless it is a slip', async () => {
  const train = async (network: string): Promise<unknown> => {
    const networks = { [network]: { learningRate: 1 } };
    const own = use('optimizer.adam', { networks });
    const plugins = [...tiny.plugins.slice(0, 6), own, ...tiny.plugins.slice(7)];
    const experiment = await openExperiment({ ...tiny, plugins }, { ...oneThread, updates: 1 });
    try {
      return (await experiment.train({ directory: runFolder() })).outcome;
    } finally {
      await experiment.close();
    }
  };
  expect(await train('discriminator')).toBe('finished');
  await expect(train('generatr')).rejects.toThrow(/Did you mean 'generator'\?/);
});

test('gathering of more gradients than a phase has is refused, and what is left over is told', async () => {
  const plugins = [...tiny.plugins, 'gradients.accumulate'];
  const train = async (batches: number): Promise<string[]> => {
    const told: string[] = [];
    const experiment = await openExperiment(
      { ...tiny, plugins },
      {
        ...{ ...oneThread, set: { 'gradients.accumulate.batches': batches } },
        onLog: ({ message }) => told.push(message),
      },
    );
    try {
      await experiment.train({ directory: runFolder() });
    } finally {
      await experiment.close();
    }
    return told;
  };
  await expect(train(7)).rejects.toThrow(/'main' gives 'generator' 6 gradients: it would never/);
  expect((await train(4)).join('\n')).toContain('the last 2 make none');
  expect((await train(3)).join('\n')).not.toContain('make none');
});

test('updates of a warm-up shrink with a profile, and numbers stay numbers in 32 bits', () => {
  for (const { options } of [adamwPlugin, muonPlugin]) {
    const schema = jsonSchema(options);
    expect(scaleUpdates(schema, { warmUp: 500 }, 0.01)).toEqual({ warmUp: 5 });
    expect(options.safeParse({ epsilon: 1e-60 }).success).toBe(false);
    expect(options.safeParse({ learningRate: -1 }).success).toBe(false);
  }
  for (const norm of [1e60, 1e-60]) expect(clip.options.safeParse({ norm }).success).toBe(false);
  expect(clip.options.safeParse({ norm: 1e-3 }).success).toBe(true);
});

test('the optimizer that was added last is the one', async () => {
  const optimizers = async (...plugins: string[]): Promise<string[]> => {
    const { experiment } = await prepareTiny({ plugins });
    const names = experiment.plugins.map(({ loaded }) => loaded.plugin.name);
    return names.filter((name) => name.startsWith('optimizer.'));
  };
  const all = ['adam', 'adamw', 'lion', 'muon', 'rmsprop', 'sgd'].map(
    (name) => `optimizer.${name}`,
  );
  for (const name of all) expect(await optimizers(name)).toEqual([name]);
  expect(await optimizers('optimizer.sgd', 'optimizer.lion')).toEqual(['optimizer.lion']);
});
