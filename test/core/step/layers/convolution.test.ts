import { beforeAll, describe, expect, test } from 'vitest';
import type { Conv1DOptions, Conv2DOptions } from '../../../../core/step/layers.js';
import { tf } from '../../../../core/tf.js';
import { plainBias, plainConv2d, type Move } from './plain.js';
import {
  bound,
  expectClose,
  expectSameSecondGradients,
  expectSameWithGradients,
  images,
  random,
  toTensor,
  type Doubles,
  type Pair,
} from './support.js';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

interface Case2D {
  readonly name: string;
  readonly x: readonly [number, number, number, number];
  readonly options: Omit<Conv2DOptions, 'filters' | 'kernel'> & {
    readonly kernel: [number, number];
  };
  readonly move: Partial<Move> & Pick<Move, 'out'>;
}

const still = { stride: [1, 1], dilation: [1, 1], before: [0, 0] } as const;
const filters = 2;

/** Geometry by hand: where the first window begins, and how many there are. */
const cases2d: Case2D[] = [
  {
    name: 'square, same',
    x: [2, 4, 5, 2],
    options: { kernel: [3, 3] },
    move: { before: [1, 1], out: [4, 5] },
  },
  {
    name: '[5, 1] with strides [2, 1]',
    x: [1, 7, 3, 2],
    options: { kernel: [5, 1], stride: [2, 1] },
    move: { stride: [2, 1], before: [2, 0], out: [4, 3] },
  },
  {
    name: '[1, 4] without padding',
    x: [1, 3, 6, 1],
    options: { kernel: [1, 4], stride: [1, 2], pad: 'valid' },
    move: { stride: [1, 2], out: [3, 2] },
  },
  {
    name: 'causal along the second axis',
    x: [1, 4, 5, 2],
    options: { kernel: [3, 3], pad: ['same', 'causal'] },
    move: { before: [1, 2], out: [4, 5] },
  },
  {
    name: 'dilated [2, 3]',
    x: [2, 6, 7, 2],
    options: { kernel: [3, 2], dilation: [2, 3] },
    move: { dilation: [2, 3], before: [2, 1], out: [6, 7] },
  },
  {
    name: 'dilated along one axis, without padding',
    x: [1, 3, 9, 2],
    options: { kernel: [2, 3], dilation: [1, 4], pad: 'valid' },
    move: { dilation: [1, 4], out: [2, 1] },
  },
  {
    name: 'dilated and strided, along one axis each',
    x: [1, 6, 5, 1],
    options: { kernel: [3, 3], stride: [2, 1], dilation: [1, 2] },
    move: { stride: [2, 1], dilation: [1, 2], before: [0, 2], out: [3, 5] },
  },
  {
    name: 'dilated and strided, both along both axes',
    x: [1, 7, 8, 1],
    options: { kernel: [2, 3], stride: [2, 3], dilation: [3, 2] },
    move: { stride: [2, 3], dilation: [3, 2], before: [1, 1], out: [4, 3] },
  },
  {
    name: 'dilated further than the signal is long',
    x: [1, 2, 3, 1],
    options: { kernel: [3, 3], dilation: 4 },
    move: { dilation: [4, 4], before: [4, 4], out: [2, 3] },
  },
];

function pair2d({ x, options, move }: Case2D): Pair {
  const whole: Move = { ...still, ...move };
  return {
    layer: (layers, image) => layers.conv2d('c', image, { filters, ...options }),
    parameters: ['c/kernel', 'c/bias'],
    plain: (image, kernel, bias) => plainBias(plainConv2d(image, kernel, whole), bias),
    inputs: [random(x, 1), random([...options.kernel, x[3], filters], 2), random([filters], 3)],
  };
}

describe('2-D convolution', () => {
  test.each(cases2d)('$name: values and gradients', (given) => {
    expectSameWithGradients(pair2d(given));
  });

  test.each(cases2d)('$name: gradients of gradients', (given) => {
    expectSameSecondGradients(pair2d(given));
  });

  test.each([
    { kernel: [3, 3], dilation: [2, 2], pad: 'same' },
    { kernel: [5, 1], dilation: [3, 1], pad: 'same' },
    { kernel: [1, 3], dilation: [1, 4], pad: 'valid' },
    { kernel: [3, 2], dilation: [2, 5], pad: 'valid' },
  ] as const)('dilated as tf.conv2d does it: $kernel, $dilation, $pad', (options) => {
    const x = images([2, 9, 11, 3], 1);
    const kernel = images([...options.kernel, 3, filters], 2);
    const layers = bound(new Map([['c/kernel', kernel]]));
    const ours = layers.conv2d('c', x, { filters, bias: false, ...options });
    const theirs = tf.conv2d(x, kernel, 1, options.pad, 'NHWC', [...options.dilation]);
    expectClose(ours, { shape: theirs.shape, data: Float64Array.from(theirs.dataSync()) });
  });

  test.each(['same', 'valid'] as const)(
    'without dilation it is tf.conv2d to the bit: %s',
    (pad) => {
      const x = images([2, 9, 8, 3], 1);
      const kernel = images([3, 3, 3, filters], 2);
      const bias = toTensor(random([filters], 3));
      const layers = bound(
        new Map([
          ['c/kernel', kernel],
          ['c/bias', bias],
        ]),
      );
      const ours = layers.conv2d('c', x, { filters, kernel: 3, stride: 2, pad });
      const theirs = tf.add(tf.conv2d(x, kernel, 2, pad), bias);
      expect(ours.dataSync()).toEqual(theirs.dataSync());
    },
  );
});

interface Case1D {
  readonly name: string;
  readonly time: number;
  readonly options: Omit<Conv1DOptions, 'filters'>;
  readonly before: number;
  readonly out: number;
}

const cases1d: Case1D[] = [
  { name: 'same', time: 7, options: { kernel: 3 }, before: 1, out: 7 },
  { name: 'strided', time: 8, options: { kernel: 5, stride: 3 }, before: 1, out: 3 },
  { name: 'causal', time: 6, options: { kernel: 4, pad: 'causal' }, before: 3, out: 6 },
  {
    name: 'causal and strided',
    time: 7,
    options: { kernel: 3, stride: 2, pad: 'causal' },
    before: 2,
    out: 4,
  },
  { name: 'dilated', time: 11, options: { kernel: 3, dilation: 4 }, before: 4, out: 11 },
  {
    name: 'dilated and causal',
    time: 10,
    options: { kernel: 3, dilation: 3, pad: 'causal' },
    before: 6,
    out: 10,
  },
  {
    name: 'dilated, strided and causal',
    time: 10,
    options: { kernel: 2, stride: 3, dilation: 4, pad: 'causal' },
    before: 4,
    out: 4,
  },
  {
    name: 'dilated, without padding',
    time: 11,
    options: { kernel: 3, dilation: 2, pad: 'valid' },
    before: 0,
    out: 7,
  },
];

function pair1d({ time, options, before, out }: Case1D): Pair {
  const { kernel: size, stride = 1, dilation = 1 } = options;
  const move: Move = {
    stride: [1, stride],
    dilation: [1, dilation],
    before: [0, before],
    out: [1, out],
  };
  const plain = (x: Doubles, kernel: Doubles, bias: Doubles): Doubles => {
    const rows = { shape: [2, 1, time, 2], data: x.data };
    const y = plainConv2d(rows, { shape: [1, size, 2, filters], data: kernel.data }, move);
    return plainBias({ shape: [2, out, filters], data: y.data }, bias);
  };
  return {
    layer: (layers, x) => layers.conv1d('c', x, { filters, ...options }),
    parameters: ['c/kernel', 'c/bias'],
    plain,
    inputs: [random([2, time, 2], 1), random([size, 2, filters], 2), random([filters], 3)],
  };
}

describe('1-D convolution', () => {
  test.each(cases1d)('$name: values and gradients', (given) => {
    expectSameWithGradients(pair1d(given));
  });

  test.each(cases1d)('$name: gradients of gradients', (given) => {
    expectSameSecondGradients(pair1d(given));
  });

  test('a causal convolution does not hear the future', () => {
    const kernel = toTensor(random([3, 1, 1], 2));
    const layers = bound(new Map([['c/kernel', kernel]]));
    const options = { filters: 1, kernel: 3, dilation: 2, pad: 'causal', bias: false } as const;
    const gradient = tf.grad((x) => {
      const y = layers.conv1d('c', x, options);
      return tf.sum(tf.slice(y, [0, 0, 0], [1, 6, 1]));
    })(toTensor(random([1, 10, 1], 1)));
    const heard = Array.from(gradient.dataSync()).map((v) => v !== 0);
    expect(heard).toEqual([true, true, true, true, true, true, false, false, false, false]);
  });
});
