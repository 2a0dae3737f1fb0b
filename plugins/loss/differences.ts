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
export function roughness(x: tf.Tensor): tf.Scalar {
  const axes = [...x.shape.keys()].slice(1, -1);
  if (axes.length === 0 || axes.some((axis) => (x.shape[axis] ?? 0) < 2)) {
    throw new Error(
      `neighbours are needed along each axis between batch and channels; the shape is [${x.shape.join(', ')}]`,
    );
  }
  return tf.addN(axes.map((axis) => tf.mean<tf.Scalar>(tf.abs(steps(x, axis)))));
}
