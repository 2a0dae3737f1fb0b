import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import './backward.js';
import { whenRecorded, type TapeNode } from './tape.js';
import { asImages } from './rank.js';

/**
 * Gradients of gradients (a gradient penalty). tf.js differentiates gradients, since they are
 * composed of operations themselves, but for what is put right here.
 */

/**
 * For the backward pass, tf.js saves clones of a kernel's inputs and outputs, and it records the
 * clones before the kernel. A second gradient then takes saved outputs (those of elu, sigmoid, tanh,
 * exp, softmax, …) for constants, and is wrong without a word. Here the kernel comes first.
 */
whenRecorded((tape) => {
  const kernel = tape.pop();
  if (kernel === undefined) return;
  const outputs = new Set(kernel.outputs);
  const isClone = ({ inputs }: TapeNode) => Object.values(inputs).some((x) => outputs.has(x));
  let at = tape.length;
  for (let before = tape[at - 1]; before !== undefined && isClone(before); before = tape[at - 1])
    at--;
  tape.splice(at, 0, kernel);
});

/** A comparison is a step: its gradient is zero. So is that of what is made of comparisons. */
for (const kernelName of [
  tf.Equal,
  tf.Greater,
  tf.GreaterEqual,
  tf.Less,
  tf.LessEqual,
  tf.LogicalAnd,
  tf.LogicalOr,
  tf.LogicalXor,
  tf.NotEqual,
]) {
  tf.registerGradient({
    kernelName,
    inputsToSave: ['a', 'b'],
    gradFunc: (_dy, [a, b]) => ({
      a: () => tf.zeros((a as Tensor).shape),
      b: () => tf.zeros((b as Tensor).shape),
    }),
  });
}

tf.registerGradient({
  kernelName: tf.LogicalNot,
  inputsToSave: ['x'],
  gradFunc: (_dy, [x]) => ({ x: () => tf.zeros((x as Tensor).shape) }),
});

/** EluGrad(dy, y) = dy where x ≥ 0, else dy·(y + 1). */
tf.registerGradient({
  kernelName: tf.EluGrad,
  inputsToSave: ['dy', 'y'],
  gradFunc: (ddx, saved) => {
    const upstream = ddx as Tensor;
    const [dy, y] = saved as [Tensor, Tensor];
    const negative = tf.cast(tf.less(y, 0), 'float32');
    return {
      dy: () => tf.mul(upstream, tf.add(tf.mul(negative, y), 1)),
      y: () => tf.mul(tf.mul(upstream, dy), negative),
    };
  },
});

/** The gradient for a filter is linear in the images and in dy. */
tf.registerGradient({
  kernelName: tf.Conv2DBackpropFilter,
  inputsToSave: ['x', 'dy'],
  gradFunc: (ddFilter, saved, attributes) => {
    const [filter, x, dy] = [images(ddFilter), images(saved[0]), images(saved[1])];
    const { strides, pad, dataFormat } = attributes as unknown as tf.Conv2DBackpropFilterAttrs;
    if (dataFormat !== 'NHWC')
      throw new Error('only NHWC convolutions can be differentiated twice');
    const stride = strides as [number, number];
    return {
      // The transposed convolution is the gradient for the input, as an operation.
      x: () => tf.conv2dTranspose(dy, filter, x.shape, stride, pad),
      dy: () => tf.conv2d(x, filter, stride, pad),
    };
  },
});

/** What tf.js hands over as a gradient or a saved tensor of a convolution. */
function images(given: Tensor | Tensor[] | undefined): Tensor4D {
  if (given instanceof tf.Tensor) return asImages(given, 'a gradient of a convolution');
  throw new Error('tf.js lacks a tensor of a convolution');
}
