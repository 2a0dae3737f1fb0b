import { beforeAll, expect, test } from 'vitest';
import { tf } from '../../core/tf.js';
import { adam } from '../../plugins/optimizer/adam.js';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

test('five steps equal Adam written out in double precision', () => {
  const [rate, beta1, beta2, epsilon] = [1e-3, 0.9, 0.999, 1e-8];
  const optimizer = adam({ learningRate: rate, beta1, beta2, epsilon });
  let [theta, m, v] = [0.7, 0, 0];
  let value: tf.Tensor = tf.tensor1d([0.7]);
  let slots: ReadonlyMap<string, tf.Tensor> = new Map([
    ['m', tf.zeros([1])],
    ['v', tf.zeros([1])],
  ]);
  for (let t = 1; t <= 5; t++) {
    const g = Math.sin(t) * 3;
    m = beta1 * m + (1 - beta1) * g;
    v = beta2 * v + (1 - beta2) * g * g;
    const alpha = (rate * Math.sqrt(1 - beta2 ** t)) / (1 - beta1 ** t);
    theta -= (alpha * m) / (Math.sqrt(v) + epsilon);
    const scalars = new Map(
      Object.entries(optimizer.scalars(t, t)).map(([n, x]) => [n, tf.scalar(x)]),
    );
    const next = optimizer.apply({
      name: 'net/a/kernel',
      value,
      gradient: tf.tensor1d([g]),
      slots,
      scalars,
    });
    ({ value } = next);
    ({ slots } = next);
    expect(value.dataSync()[0]).toBeCloseTo(theta, 6);
  }
  expect(slots.get('v')?.dataSync()[0]).toBeCloseTo(v, 6);
});

test('the learning rate may follow a schedule', () => {
  const optimizer = adam({
    learningRate: { schedule: 'step', from: 1, to: 0.1, at: 10 },
    beta1: 0,
    beta2: 0,
    epsilon: 1e-8,
  });
  expect(optimizer.scalars(10, 10)['rate']).toBeCloseTo(1, 12);
  expect(optimizer.scalars(11, 11)['rate']).toBeCloseTo(0.1, 12);
});
