import { tf } from 'ncn';

/** Each value of x less the one before it along an axis. */
export function steps(x: tf.Tensor, axis: number): tf.Tensor {
  const size = x.shape.map((side, i) => (i === axis ? side - 1 : side));
  const from = (first: number): tf.Tensor =>
    tf.slice(
      x,
      x.shape.map((_, i) => (i === axis ? first : 0)),
      size,
    );
  return tf.sub(from(1), from(0));
}

/**
 * Mean |difference| of neighbours, summed over the axes between batch and channels.
 * @param x [batch, …, channels]: images of any number of channels, waveforms
 */
export const roughness = (x: tf.Tensor): tf.Scalar =>
  tf.addN(
    [...x.shape.keys()].slice(1, -1).map((axis) => tf.mean<tf.Scalar>(tf.abs(steps(x, axis)))),
  );
