import { beforeAll, expect, test } from 'vitest';
import { tf } from '../../core/tf.js';
import { augment } from '../../core/step/augment.js';
import { batchesOf } from '../../core/trainer/loop/batches-of.js';
import { oneBatch, prepareTiny } from '../support/tiny.js';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

async function augmented(preset: string, values = {}, mode: 'train' | 'evaluate' = 'train') {
  const prepared = await prepareTiny(preset, values);
  const { augmentation } = prepared.built.blueprint;
  const feed = await batchesOf(prepared, 2).at(oneBatch, 3);
  const inputs = new Map(
    [...feed.inputs].map(([n, { shape, data }]) => [n, tf.tensor(data, [...shape])]),
  );
  const scalars = new Map([...feed.scalars].map(([n, v]) => [n, tf.scalar(v)]));
  const batch = augment(augmentation, 0, inputs, scalars, mode);
  const made = (role: string) => batch[role]?.dataSync() ?? new Float32Array();
  const data = (name: string) => feed.inputs.get(`0/${name}`)?.data ?? new Float32Array();
  return {
    t: data('target'),
    r: data('reference'),
    n: data('noise'),
    a: feed.scalars.get('0/a') ?? NaN,
    b: feed.scalars.get('0/b') ?? NaN,
    c: feed.scalars.get('0/c') ?? NaN,
    input: made('input'),
    reference: made('reference'),
    target: made('target'),
  };
}

const close = (got: ArrayLike<number>, expected: (i: number) => number) => {
  expect(got.length).toBe(2 * 28 * 28);
  for (let i = 0; i < got.length; i++) expect(got[i]).toBeCloseTo(expected(i), 5);
};

test.each([
  ['dcnn_v1', {}, 'A'],
  ['dcnn_v2', {}, 'B'],
  ['dcnn_v3', {}, 'C'],
  ['dcnn_v2', { 'augmentation.independentReferenceGain': true }, 'B, independent'],
])(
  '%s %j: input = min(1, a·target + b·reference + noise), and variant %s',
  async (preset, values, variant) => {
    const { t, r, n, a, b, c, input, reference, target } = await augmented(preset, values);
    for (const gain of [a, b]) expect(gain >= 0.2 && gain < 1).toBe(true);
    expect(a).not.toBe(b);
    const at = (x: Float32Array, i: number) => x[i] ?? NaN;
    close(input, (i) => Math.min(1, a * at(t, i) + b * at(r, i) + at(n, i)));
    const gain = variant === 'A' ? 1 : variant.includes('independent') ? c : b;
    close(reference, (i) => gain * at(r, i));
    close(target, (i) => (variant === 'C' ? 1 : a) * at(t, i));
    expect(Math.max(...n)).toBeGreaterThan(0.99);
    expect(Math.min(...n)).toBeLessThan(0.01);
  },
);

test('the scripts’ variant C has one scale in training and another at evaluation', async () => {
  const values = { 'augmentation.targetScale': 0.8, 'augmentation.evaluationTargetScale': 0.9 };
  const train = await augmented('dcnn_v3', values);
  close(train.target, (i) => 0.8 * (train.t[i] ?? NaN));
  const evaluate = await augmented('dcnn_v3', values, 'evaluate');
  close(evaluate.target, (i) => 0.9 * (evaluate.t[i] ?? NaN));
});
