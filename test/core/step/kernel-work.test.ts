import { expect, test } from 'vitest';
import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import { tf } from '../../../core/tf.js';
import { rfft } from '../../../core/step/fourier.js';
import { declareNetwork } from '../../../core/step/declare.js';
import { zeros } from '../../../core/step/initializers.js';
import type { Layers } from '../../../core/step/layers.js';

/** Multiply-adds of one example of [8, 6, 4]. */
function workOf(forward: (layers: Layers, x: Tensor4D) => Tensor): number {
  const network = declareNetwork(
    {
      name: 'n',
      main: true,
      inputs: { x: 'x' },
      forward: (layers, { x }) => forward(layers, x as Tensor4D),
    },
    new Map([['x', [8, 6, 4]]]),
  );
  return network.multiplyAdds;
}

const weight = (layers: Layers, shape: number[]): Tensor => layers.weight('w', shape, zeros);
const four = (x: Tensor): Tensor4D => x as Tensor4D;

test('operations of tf.js count as the layers that are made of them', () => {
  const plain = workOf((layers, x) => tf.conv2d(x, four(weight(layers, [3, 3, 4, 5])), 2, 'same'));
  const layer = workOf((layers, x) => layers.conv2d('w', x, { filters: 5, kernel: 3, stride: 2 }));
  expect(plain).toBe(layer);
  const back = workOf((layers, x) =>
    tf.conv2dTranspose(x, four(weight(layers, [4, 4, 5, 4])), [1, 16, 12, 5], 2, 'same'),
  );
  const transposed = workOf((layers, x) =>
    layers.conv2dTranspose('w', x, { filters: 5, kernel: 4, stride: 2 }),
  );
  expect(back).toBe(transposed);
  const rows = (x: Tensor): tf.Tensor2D => tf.reshape(x, [48, 4]);
  const product = workOf((layers, x) =>
    tf.reshape(tf.matMul(rows(x), weight(layers, [4, 7])), [1, 48, 7]),
  );
  expect(product).toBe(workOf((layers, x) => layers.dense('w', x, 7)));
});

test('others count what their sums say', () => {
  const depthwise = workOf((layers, x) =>
    tf.depthwiseConv2d(x, four(weight(layers, [3, 3, 4, 2])), 1, 'same'),
  );
  expect(depthwise).toBe(8 * 6 * 4 * 2 * 9);
  const attention = workOf((layers, x) => {
    const [q, k] = [rowsOf(x), rowsOf(tf.mul(x, weight(layers, [4])))];
    return tf.matMul(tf.softmax(tf.matMul(q, k, false, true)), q);
  });
  expect(attention).toBe(2 * 48 * 48 * 4);
  const summed = workOf((layers, x) => {
    const y = tf.einsum('pc,co->po', tf.reshape(x, [48, 4]), weight(layers, [4, 3]));
    return tf.reshape(y, [1, 48, 3]);
  });
  expect(summed).toBe(48 * 4 * 3);
  // [8, 6] signals of 4 samples to the real and imaginary parts of 3 bins.
  expect(workOf((_, x) => rfft(x).re)).toBe(48 * 4 * 6);
});

const rowsOf = (x: Tensor): tf.Tensor3D => tf.reshape(x, [1, 48, 4]);

test('layers and operations of one network add up; what depends on no input counts nothing', () => {
  const both = workOf((layers, x) => {
    const y = layers.conv2d('a', x, { filters: 4, kernel: 1 });
    const constant = tf.matMul(tf.ones([4, 4]), tf.ones([4, 4]));
    return tf.matMul(tf.reshape(y, [1, 48, 4]), constant);
  });
  expect(both).toBe(2 * 48 * 4 * 4);
});
