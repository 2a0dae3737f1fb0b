import { expect, test } from 'vitest';
import { tf } from '../../core/index.js';
import { muon, orthogonalised } from '../../plugins/optimizer/muon.js';

/** The iteration on a singular value. */
function iterated(s: number, steps: number): number {
  let x = s;
  for (let i = 0; i < steps; i++) x = 3.4445 * x - 4.775 * x ** 3 + 2.0315 * x ** 5;
  return x;
}

const options = {
  ...{ learningRate: 0.01, warmUp: 0, momentum: 0.95, steps: 5 },
  ...{ beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0.1 },
};

test('each singular value is iterated by itself, of wide and of high matrices', async () => {
  await tf.setBackend('cpu');
  // Columns turned by an angle: singular values 3 and 4, ‖X‖ = 5.
  const [cos, sin] = [Math.cos(0.3), Math.sin(0.3)];
  const [p, q] = [iterated(3 / 5, 5), iterated(4 / 5, 5)];
  const high = tf.tensor2d([3 * cos, -3 * sin, 4 * sin, 4 * cos, 0, 0], [3, 2]);
  const expected = [p * cos, -p * sin, q * sin, q * cos, 0, 0];
  const flat = (x: tf.Tensor): number[] => [...x.dataSync()];
  const close = (got: number[], wanted: number[]): void => {
    wanted.forEach((value, i) => expect(got[i]).toBeCloseTo(value, 5));
  };
  close(flat(orthogonalised(high, 5)), expected);
  close(flat(tf.transpose(orthogonalised(tf.transpose(high), 5))), expected);
  expect(p).toBeGreaterThan(0.6);
  expect(q).toBeLessThan(1.3);
});

test('a kernel takes a step of the size of AdamW’s, a bias AdamW’s own', async () => {
  await tf.setBackend('cpu');
  const optimizer = muon(options);
  const scalars = new Map(
    Object.entries(optimizer.scalars(1, 1)).map(([name, x]) => [name, tf.scalar(x)]),
  );
  const zeros = (x: tf.Tensor) =>
    new Map<string, tf.Tensor>([
      ['m', tf.zerosLike(x)],
      ['v', tf.zerosLike(x)],
    ]);
  // Of shape [1, 2, 2]: the matrix 2 × 2 with singular values 3 and 4.
  const value = tf.ones([1, 2, 2]);
  const gradient = tf.tensor3d([3, 0, 0, 4], [1, 2, 2]);
  const kernel = optimizer.apply({
    name: 'a/kernel',
    value,
    gradient,
    slots: zeros(value),
    scalars,
  });
  const size = 0.01 * 0.2 * Math.sqrt(2);
  const decayed = 1 - 0.01 * 0.1;
  const [one, off, , four] = kernel.value.dataSync();
  expect(one).toBeCloseTo(decayed - size * iterated(3 / 5, 5), 6);
  expect(four).toBeCloseTo(decayed - size * iterated(4 / 5, 5), 6);
  expect(off).toBeCloseTo(decayed, 6);
  // The first step of Adam is the step size, whatever the gradient.
  const bias = tf.zeros([3]);
  const pull = tf.tensor1d([5, -0.1, 2]);
  const moved = optimizer.apply({
    name: 'a/bias',
    value: bias,
    gradient: pull,
    slots: zeros(bias),
    scalars,
  });
  [-0.01, 0.01, -0.01].forEach((x, i) => expect(moved.value.dataSync()[i]).toBeCloseTo(x, 6));
});
