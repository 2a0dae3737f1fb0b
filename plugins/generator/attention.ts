import { tf, zeros, type Layers } from 'ncn';

/**
 * Self-attention over all places of a picture: Zhang et al., SAGAN (2018), section 3. Queries and
 * keys have an eighth of the channels; x + γ·o, where γ starts at 0, so at first nothing changes.
 * Its memory grows with the fourth power of the side: use it where pictures are small.
 * @param x [batch, …, channels], of any number of places
 */
export function selfAttention(layers: Layers, name: string, x: tf.Tensor): tf.Tensor {
  const [batch = 1, ...sides] = x.shape;
  const channels = sides.pop() ?? 1;
  const places = sides.reduce((a, b) => a * b, 1);
  const flat = tf.reshape<tf.Rank.R3>(x, [batch, places, channels]);
  const project = (part: string, units: number) =>
    layers.dense(`${name}/${part}`, flat, units, { bias: false });
  const narrow = Math.max(1, Math.floor(channels / 8));
  const scores = tf.matMul(project('query', narrow), project('key', narrow), false, true);
  const seen = tf.matMul(tf.softmax(scores), project('value', channels));
  const gamma = layers.weight(`${name}/gamma`, [1], zeros);
  return tf.add(x, tf.mul(tf.reshape(seen, x.shape), gamma));
}
