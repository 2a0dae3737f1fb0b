import { expect, test } from 'vitest';
import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import { tf } from '../../../core/tf.js';
import { compiled, expectAgreement, randomTensor, type Body } from './agree.js';

/** Numbers for which a shortcut shows: quotients, infinities, what is no number, sizes of zero, whole numbers. */

const given = (...data: number[]) => ({ shape: [data.length], data: Float32Array.from(data) });
const whole = (x: Tensor): Tensor => tf.cast(x, 'int32');
const float = (x: Tensor): Tensor => tf.cast(x, 'float32');

/** Bit for bit what tf.js `cpu` gives, but for the sign of zero. */
async function expectSame(body: Body, ...inputs: ReturnType<typeof given>[]): Promise<void> {
  const got = await compiled(inputs, body);
  await tf.setBackend('cpu');
  const tensors = inputs.map(({ data, shape }) => tf.tensor(data, shape));
  const expected = Float32Array.from(body(...tensors).dataSync());
  expect([...got].map((x) => x + 0)).toEqual([...expected].map((x) => x + 0));
}

const multiples = Array.from({ length: 400 }, (_, i) => 41 * (i + 1));

test('a quotient is exact, also by a constant: its floor is not one too few', async () => {
  await expectSame((x) => tf.floorDiv(x, 41), given(...multiples));
  await expectSame((x) => tf.floor(tf.div(x, 41)), given(...multiples));
  await expectSame((x) => float(tf.div(whole(x), tf.scalar(41, 'int32'))), given(...multiples));
  await expectSame((x) => tf.div(x, 1e-39), given(0, 1e-38));
  await expectSame((x) => tf.div(x, 1e38), given(1.5e38));
});

test('whole numbers divide as whole numbers, down, and by zero', async () => {
  const [a, b] = [given(7, -7, 7, -7, 5, 0, -1, 2 ** 24, -8), given(2, 2, -2, -2, 0, 3, -1, -1, 3)];
  await expectSame((x, y) => float(tf.floorDiv(whole(x), whole(y))), a, b);
  // Beyond 24 bits.
  const large = (x: Tensor): Tensor => tf.add(whole(x), tf.scalar(1, 'int32'));
  const digits = (x: Tensor): Tensor => tf.mod(x, tf.scalar(1000, 'int32'));
  await expectSame(
    (x) => float(digits(tf.floorDiv(large(x), tf.scalar(1, 'int32')))),
    given(2 ** 24),
  );
});

test('remainders have the sign of the divisor, however large it is', async () => {
  const [a, b] = [given(1, 0.001, 5, -7, 7, -7, 6, -6), given(1e8, 1e5, Infinity, 3, -3, -3, 3, 3)];
  await expectSame((x, y) => tf.mod(x, y), a, b);
  const [p, q] = [given(7, -7, 7, 5, 2e9), given(3, 3, -3, 0, 2.1e9)];
  await expectSame((x, y) => float(tf.mod(whole(x), whole(y))), p, q);
});

test('the greatest and the least of numbers and NaN is NaN', async () => {
  const x = given(1, NaN, 2, Infinity);
  await expectSame((y) => tf.stack([tf.max(y), tf.min(y), tf.norm(y, Infinity)]), x);
  await expectSame((y) => tf.max(tf.reshape(y, [2, 2]), 1), x);
  await expectSame((y) => tf.min(y), given(1, -Infinity));
});

test('constant factors are joined where that changes nothing', async () => {
  await expectSame((x) => tf.mul(tf.mul(x, 1e-25), 1e-25), given(1e38));
  await expectSame((x) => tf.mul(tf.mul(x, 1e20), 1e20), given(0, 1e-30));
  await expectSame((x) => tf.mul(tf.div(x, 1e30), 1e-30), given(3e38));
});

test('one pixel that is no number stays one', () =>
  expectSame(
    (x) => tf.image.resizeNearestNeighbor(tf.reshape<tf.Rank.R4>(x, [1, 2, 2, 1]), [4, 5]),
    given(NaN, 1, Infinity, 3),
  ));

test('whole numbers and truths are computed as tf.js does', async () => {
  const x = given(0, 1, 2, -1, 3);
  const functions = [
    ...[tf.exp, tf.expm1, tf.log1p, tf.softplus, tf.selu, tf.reciprocal, tf.round, tf.asinh],
    ...[tf.isNaN, tf.isInf, tf.isFinite, tf.leakyRelu, tf.neg, tf.abs, tf.square, tf.relu],
  ];
  for (const f of functions) {
    const [got, expected] = await both((y) => float(f(whole(y))), x);
    got.forEach((value, i) => expect(value).toBeCloseTo(expected[i] ?? NaN, 5));
  }
  await expectSame((y) => float(tf.clipByValue(whole(y), -Infinity, 2)), given(-3, 5));
  await expectSame((y) => float(whole(y)), given(NaN, Infinity, -Infinity, -1.7, 2.9));
  const matrix = (y: Tensor): tf.Tensor2D => tf.reshape(whole(y), [2, 2]);
  await expectSame((y) => float(tf.matMul(matrix(y), matrix(y))), given(9, 1, 2, 3));
  const ids = tf.tensor1d([0, 1, 0, 1], 'int32');
  await expectSame((y) => float(tf.unsortedSegmentSum(whole(y), ids, 2)), given(1, 2, 3, 4));
  await expectSame((y) => tf.add(y, tf.exp(tf.scalar(1, 'int32'))), given(0));
  // Truths count as 0 and 1.
  const truths = (y: Tensor): Tensor => tf.greater(y, 0);
  await expectSame((y) => float(tf.cumsum(truths(y))), x);
  await expectSame((y) => float(tf.greater(truths(y), tf.less(y, 2))), x);
  await expectSame((y) => float(tf.argMax(truths(y))), x);
});

async function both(body: Body, x: ReturnType<typeof given>): Promise<[number[], number[]]> {
  const got = await compiled([x], body);
  await tf.setBackend('cpu');
  return [[...got], [...body(tf.tensor(x.data, x.shape)).dataSync()]];
}

test('sizes of zero: shapes and sums are those of tf.js', async () => {
  const part = (x: Tensor, rows: number, columns: number): Tensor =>
    tf.slice(tf.reshape(x, [2, 3]), [0, 0], [rows, columns]);
  const six = given(1, 2, 3, 4, 5, 6);
  await expectSame((x) => tf.concat([part(x, 0, 3), part(x, 0, 1)], 1).sum(0), six);
  await expectSame((x) => tf.reshape(part(x, 2, 0), [0, 6]).sum(0), six);
  await expectSame((x) => tf.expandDims(part(x, 0, 3), 1).sum(0), six);
  // A product over nothing is zero, to which something is added.
  const none = (x: Tensor): Tensor => tf.matMul(part(x, 2, 0), tf.reshape(part(x, 0, 3), [0, 3]));
  await expectSame((x) => tf.add(none(x), tf.mul(tf.reshape(x, [2, 3]), 2)), six);
  await expectSame(
    (x) => tf.matMul(tf.reshape(part(x, 0, 3), [0, 1, 3]), tf.reshape(x, [1, 3, 2])).sum(0),
    six,
  );
});

test('convolutions of no images and of no channels end', async () => {
  const image = (x: Tensor, channels: number): Tensor4D =>
    tf.slice(tf.reshape<tf.Rank.R4>(x, [1, 1, 3, 2]), [0, 0, 0, 0], [1, 1, 3, channels]);
  const six = given(1, 2, 3, 4, 5, 6);
  const convolved = (x: Tensor, channels: number): Tensor =>
    tf.conv2d(image(x, channels), tf.ones([3, 3, channels, 2]), 1, 'same');
  await expectSame((x) => convolved(x, 0), six);
  await expectSame((x) => tf.grad((y) => tf.sum(convolved(y, 0)))(x), six);
  const none = (x: Tensor): Tensor4D => tf.slice(image(x, 2), [0, 0, 0, 0], [0, 1, 3, 2]);
  await expectSame((x) => tf.conv2d(none(x), tf.ones([1, 1, 2, 2]), 1, 'same').sum(0), six);
});

test('a range may count down without a step', () =>
  expectSame((x) => tf.add(x, tf.range(5, 0)), given(0, 0, 0, 0, 0)));

test('a negative index is refused, as in tf.js', async () => {
  const taken = (x: Tensor, at: Tensor): Tensor => tf.gather(x, whole(at));
  await expectSame(taken, given(5, 6, 7), given(2, 0));
  await expect(compiled([given(5, 6, 7), given(-1)], taken)).rejects.toThrow(/indices/);
});

test.each<[string, (x: Tensor4D) => Tensor]>([
  ['maxPool, one more', (x) => tf.maxPool(x, 2, 2, 0, 'ceil')],
  ['avgPool, one more', (x) => tf.avgPool(x, 2, 2, 0, 'ceil')],
  ['avgPool, rounded', (x) => tf.avgPool(x, 3, 2, 0, 'round')],
  ['conv2d, one more', (x) => tf.conv2d(x, tf.ones([2, 2, 2, 3]), 2, 0, 'NHWC', 1, 'ceil')],
  [
    'depthwise, one more',
    (x) => tf.depthwiseConv2d(x, tf.ones([2, 2, 2, 1]), 2, 0, 'NHWC', 1, 'ceil'),
  ],
  ['maxPool, padding as large as its window', (x) => tf.maxPool(x, 2, 1, 2, 'floor')],
])('windows of every rounding: %s', (_, f) =>
  expectAgreement((x) => tf.maximum(f(x as Tensor4D), -9), [randomTensor([1, 5, 5, 2], 3)], {
    gradients: false,
  }),
);

test('windows that the library has not are refused when they are recorded', async () => {
  const refused = (f: (x: Tensor4D) => Tensor): Promise<unknown> =>
    compiled([randomTensor([1, 6, 4, 2], 3)], (x) => f(x as Tensor4D)).catch((e: unknown) => e);
  const unsupported = { code: 'NCN_COMPILED_UNSUPPORTED' };
  expect(await refused((x) => tf.maxPool(x, [5, 2], 1, 1, 'floor'))).toMatchObject(unsupported);
  expect(await refused((x) => tf.avgPool(x, 2, 1, 2, 'floor'))).toMatchObject(unsupported);
});
