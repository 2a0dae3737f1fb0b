import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';

/**
 * The gradient of `tf.topk`, which tf.js lacks: what arrives for a value goes to where it came from.
 * As a product with ones and zeros, so that it can be differentiated again.
 */
tf.registerGradient({
  kernelName: tf.TopK,
  inputsToSave: ['x'],
  outputsToSave: [false, true],
  gradFunc: (dys, saved) => {
    const [dy] = dys as Tensor[];
    const [x, indices] = saved;
    if (dy === undefined || x === undefined || indices === undefined) {
      throw new Error('tf.js lacks a tensor of topk');
    }
    const [size, count] = [x.shape.at(-1) ?? 1, dy.shape.at(-1) ?? 1];
    const rows = dy.size / count;
    return {
      x: () => {
        const places = tf.oneHot(tf.cast(tf.reshape(indices, [rows, count]), 'int32'), size);
        const values = tf.reshape(dy, [rows, 1, count]);
        return tf.reshape(tf.matMul(values, tf.cast(places, 'float32')), x.shape);
      },
    };
  },
});
