import * as tf from '@tensorflow/tfjs-core';
import type { CumsumAttrs, Tensor } from '@tensorflow/tfjs-core';

/** Gradients of sums along an axis and of resizing, which tf.js has wrong or lacks. */

/** Each sum's dy belongs to all that it is the sum of. tf.js then transposes it, though it is as x. */
tf.registerGradient({
  kernelName: tf.Cumsum,
  inputsToSave: [],
  gradFunc: (dy, _, attributes) => {
    const { axis, exclusive, reverse } = attributes as unknown as CumsumAttrs;
    return { x: () => tf.cumsum(single(dy), axis, exclusive, !reverse) };
  },
});

/** The kernel of tf.js's `cpu` reads dy at the places of the images in the batch, which are fewer. */
tf.registerGradient({
  kernelName: tf.ResizeNearestNeighbor,
  inputsToSave: ['images'],
  gradFunc: (dy, [images], attributes) => {
    const arrived = single(dy);
    const seen = single(images);
    const whole = (of: Tensor, at: Tensor): Tensor =>
      tf.engine().runKernel(tf.ResizeNearestNeighborGrad, { dy: of, images: at }, attributes);
    return {
      images: () =>
        tf.getBackend() === 'cpu'
          ? tf.stack(
              tf
                .unstack(arrived)
                .map((one) => tf.squeeze(whole(tf.expandDims(one), tf.slice(seen, 0, 1)), [0])),
            )
          : whole(arrived, seen),
    };
  },
});

/** The kernel of tf.js's `cpu` returns the right numbers with height and width exchanged. */
tf.registerGradient({
  kernelName: tf.ResizeBilinear,
  inputsToSave: ['images'],
  gradFunc: (dy, [images], attributes) => ({
    images: () => {
      const inputs = { dy: single(dy), images: single(images) };
      const gradient: Tensor = tf.engine().runKernel(tf.ResizeBilinearGrad, inputs, attributes);
      return tf.reshape(gradient, inputs.images.shape);
    },
  }),
});

/** Both are linear in dy, and theirs is what resizing does to the second gradient. */
for (const [kernelName, resizing] of [
  [tf.ResizeNearestNeighborGrad, tf.ResizeNearestNeighbor],
  [tf.ResizeBilinearGrad, tf.ResizeBilinear],
] as const) {
  tf.registerGradient({
    kernelName,
    inputsToSave: ['images', 'dy'],
    gradFunc: (dd, [images, dy], attributes) => ({
      dy: () => {
        const size = single(dy).shape.slice(1, 3);
        // As the gradients of tf.js, which know no other centres.
        const how = { ...attributes, halfPixelCenters: false, size };
        return tf
          .engine()
          .runKernel(resizing, { images: tf.reshape(single(dd), single(images).shape) }, how);
      },
      images: () => tf.zerosLike(single(images)),
    }),
  });
}

function single(given: Tensor | Tensor[] | undefined): Tensor {
  if (given instanceof tf.Tensor) return given;
  throw new Error('tf.js lacks a tensor of a gradient');
}
