import { beforeAll, expect, test } from 'vitest';
import { onStandIns, standIn } from '../../../core/step/stand-ins.js';
import { tf } from '../../../core/tf.js';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

type Make = (shape: readonly number[]) => tf.Tensor;

/** One for each rule, and some for kernels that have none. */
const cases: Readonly<Record<string, (x: Make) => tf.Tensor | tf.Tensor[]>> = {
  unary: (x) => [tf.exp(x([2, 3])), tf.leakyRelu(x([4])), tf.clipByValue(x([2, 2]), 0, 1)],
  abs: (x) => tf.abs(tf.cast(x([2, 3]), 'int32')),
  binary: (x) => [tf.add(x([2, 1, 4]), x([3, 1])), tf.squaredDifference(x([2]), x([]))],
  comparison: (x) => tf.greaterEqual(x([2, 3]), x([3])),
  reductions: (x) => [
    tf.sum(x([2, 3, 4]), [0, -1]),
    tf.mean(x([2, 3]), 1, true),
    tf.max(x([2, 3])),
    tf.max(x([2, 3, 4]), [1], true),
    tf.max(x([2, 3, 4]), -1),
    tf.min(x([2, 3]), [-2]),
    tf.sum(tf.greater(x([2, 3]), 0)),
  ],
  products: (x) => [
    tf.matMul(x([2, 3]), x([4, 3]), false, true),
    tf.matMul(x([5, 3, 2]), x([1, 3, 4]), true),
    tf.dot(x([3]), x([3])),
  ],
  joins: (x) => [
    tf.concat([x([2, 3]), x([2, 5])], -1),
    tf.stack([x([2, 3]), x([2, 3])], 1),
    tf.stack([x([2, 3])], -1),
  ],
  cuts: (x) => [
    tf.slice(x([4, 5]), [1, 2], [-1, 2]),
    ...tf.split(x([6, 2]), 3),
    ...tf.unstack(x([2, 3])),
    tf.stridedSlice(x([4, 5]), [0, 0], [4, 5], [2, 1]),
  ],
  moves: (x) => [
    tf.pad(x([2, 3]), [
      [1, 2],
      [0, 1],
    ]),
    tf.transpose(x([2, 3, 4]), [2, 0, 1]),
    tf.transpose(x([2, 3])),
    tf.reshape(x([2, 6]), [3, -1]),
    tf.tile(x([1, 2]), [3, 2]),
    tf.gather(x([4, 2]), [0, 3]),
    tf.where(tf.greater(x([2]), 0), x([2]), x([2])),
  ],
  convolutions: (x) => [
    tf.conv2d(x([2, 7, 8, 3]) as tf.Tensor4D, x([3, 3, 3, 5]) as tf.Tensor4D, [2, 1], 'same'),
    tf.conv1d(x([2, 9, 3]) as tf.Tensor3D, x([2, 3, 4]) as tf.Tensor3D, 1, 'valid', 'NWC', 3),
    tf.depthwiseConv2d(x([1, 5, 5, 2]) as tf.Tensor4D, x([3, 3, 2, 3]) as tf.Tensor4D, 1, 'valid'),
    tf.conv2dTranspose(
      x([1, 3, 3, 2]) as tf.Tensor4D,
      x([3, 3, 4, 2]) as tf.Tensor4D,
      [1, 6, 6, 4],
      2,
      'same',
    ),
    tf.maxPool(x([1, 6, 6, 2]) as tf.Tensor4D, 2, 2, 'same'),
  ],
  gradients: (x) => {
    const f = (y: tf.Tensor): tf.Tensor =>
      tf.sum(tf.elu(tf.conv2d(y as tf.Tensor4D, x([3, 3, 2, 4]) as tf.Tensor4D, 1, 'same')));
    return tf.grad(f)(x([1, 4, 4, 2]));
  },
};

test.each(Object.entries(cases))('%s: shapes and types are those of the cpu', (_, run) => {
  const about = (result: tf.Tensor | tf.Tensor[]) =>
    [result].flat().map(({ shape, dtype }) => ({ shape, dtype }));
  const wanted = about(run((shape) => tf.zeros([...shape])));
  expect(onStandIns(() => about(run(standIn)))).toEqual(wanted);
  expect(tf.getBackend()).toBe('cpu');
});

test('what does not fit is refused as it is on the cpu', () => {
  const refused = (work: () => unknown): string => {
    try {
      work();
    } catch (error) {
      return String(error);
    }
    return 'nothing';
  };
  const wrong: readonly ((x: Make) => unknown)[] = [
    (x) => tf.matMul(x([2, 3]), x([2, 3])),
    (x) => tf.add(x([2, 3]), x([4])),
    (x) => tf.concat([x([2, 3]), x([3, 3])], 1),
    (x) => tf.stack([x([2]), x([3])]),
    (x) => tf.slice(x([2, 3]), [1, 0], [2, 3]),
  ];
  for (const work of wrong) {
    const message = refused(() => work((shape) => tf.zeros([...shape])));
    expect(message).not.toBe('nothing');
    expect(refused(() => onStandIns(() => work(standIn)))).toBe(message);
  }
});

test('what depends on no stand-in is computed, and may be kept', () => {
  const kept = onStandIns(() => {
    const matrix = tf.matMul(tf.tensor([[1, 2]]), tf.tensor([[3], [4]]));
    tf.mul(standIn([1]), matrix);
    return matrix;
  });
  expect([...kept.dataSync()]).toEqual([11]);
  expect([...tf.mul(kept, 2).dataSync()]).toEqual([22]);
});

test('values of a stand-in are zeros for who looks', () => {
  const sum = onStandIns(() => tf.add(standIn([2]), 1).dataSync());
  expect([...sum]).toEqual([0, 0]);
});
