import { definePlugin, schedule, tf, toSchedule, z } from 'ncn';

/** Means of pairs of neighbours along the axes between batch and channels; an odd last one is left. */
export function halved(x: tf.Tensor): tf.Tensor {
  let h = x;
  for (let axis = 1; axis < x.rank - 1; axis++) {
    const side = h.shape[axis] ?? 1;
    const pairs = Math.floor(side / 2);
    if (pairs === 0) throw new Error(`an axis of ${side} cannot be halved: ask for fewer scales`);
    const size = h.shape.map((s, i) => (i === axis ? 2 * pairs : s));
    const whole = tf.slice(
      h,
      [...h.shape.keys()].map(() => 0),
      size,
    );
    const shape = size.flatMap((s, i) => (i === axis ? [pairs, 2] : [s]));
    h = tf.mean(tf.reshape(whole, shape), axis + 1);
  }
  return h;
}

/**
 * Mean over scales of the mean |error|, of the error as it is, halved, halved again, …: what is wrong
 * over large parts counts more than what is wrong here and there. The pyramid of means is that of
 * Burt and Adelson (1983) with the smallest kernel.
 * @param output [batch, …, channels]; target the same
 */
export function multiscale(output: tf.Tensor, target: tf.Tensor, scales: number): tf.Scalar {
  let error = tf.sub(output, target);
  const terms = Array.from({ length: scales }, (_, i) => {
    if (i > 0) error = halved(error);
    return tf.mean<tf.Scalar>(tf.abs(error));
  });
  return tf.div<tf.Scalar>(tf.addN(terms), scales);
}

export default definePlugin({
  name: 'loss.multiscale',
  version: '1.0.0',
  summary: 'L1 at several sizes, as a loss of the main network',
  options: z.strictObject({
    weight: schedule().default(1).describe('weight in the loss'),
    scales: z.int().positive().default(3).describe('sizes: the whole, a half, a quarter, …'),
  }),
  setup({ hooks, options: { weight, scales } }) {
    hooks.losses.tap(({ add, main }) => {
      add({
        name: 'multiscale',
        network: main,
        weight: toSchedule(weight),
        value: ({ output, signal }) => multiscale(output, signal('target'), scales),
      });
    });
  },
});
