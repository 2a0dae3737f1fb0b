import { tf } from 'ncn';

const [hop, bins, bands] = [256, 257, 15];
/** 384 ms. */
const segment = 24;
const rate = 16_000;

/** [512, 514]: samples under a Hann window to real and imaginary parts. */
const analysis = Float32Array.from({ length: 2 * hop * 2 * bins }, (_, i) => {
  const [n, column] = [Math.floor(i / (2 * bins)), i % (2 * bins)];
  const angle = (2 * Math.PI * n * (column % bins)) / (2 * hop);
  return (
    Math.sin((Math.PI * n) / (2 * hop)) ** 2 * (column < bins ? Math.cos(angle) : -Math.sin(angle))
  );
});

/** [257, 15]: power of bins to that of third octaves from 150 Hz on. */
const octaves = Float32Array.from({ length: bins * bands }, (_, i) => {
  const [bin, band] = [Math.floor(i / bands), i % bands];
  const edge = (third: number): number =>
    Math.round((150 * 2 ** ((2 * third - 1) / 6) * 2 * hop) / rate);
  return bin >= edge(band) && bin < edge(band + 1) ? 1 : 0;
});

/** Power of a sound [batch, samples, 1]: [batch, frames, 257]. */
export function powers(sound: tf.Tensor): tf.Tensor {
  const [batch = 1, samples = 1] = sound.shape;
  const count = Math.floor(samples / hop);
  const blocks = tf.reshape(tf.slice(sound, [0, 0, 0], [batch, count * hop, 1]), [
    batch,
    count,
    hop,
  ]);
  const part = (from: number): tf.Tensor => tf.slice(blocks, [0, from, 0], [batch, count - 1, hop]);
  const frames = tf.reshape(tf.concat([part(0), part(1)], 2), [batch * (count - 1), 2 * hop]);
  const spectra = tf.matMul(frames, tf.tensor2d(analysis, [2 * hop, 2 * bins]));
  const half = (from: number): tf.Tensor =>
    tf.square(tf.slice(spectra, [0, from], [batch * (count - 1), bins]));
  return tf.reshape(tf.add(half(0), half(bins)), [batch, count - 1, bins]);
}

/**
 * How well speech is understood, for each example: STOI (Taal et al., 2011) at 16 kHz, with frames of 32 ms, segments side by
 * side, and, for frames without speech, segments that are 40 dB below the loudest left out. [batch], about 0 to 1.
 */
export function understood(output: tf.Tensor, target: tf.Tensor): tf.Tensor {
  const envelopes = (sound: tf.Tensor): tf.Tensor => {
    const power = powers(sound);
    const [batch = 1, frames = 1] = power.shape;
    const length = Math.min(segment, frames);
    const count = Math.floor(frames / length);
    const whole = tf.slice(power, [0, 0, 0], [batch, count * length, bins]);
    const summed = tf.matMul(
      tf.reshape(whole, [batch * count * length, bins]),
      tf.tensor2d(octaves, [bins, bands]),
    );
    return tf.reshape(tf.sqrt(tf.add(summed, 1e-12)), [batch, count, length, bands]);
  };
  const [x, y] = [envelopes(target), envelopes(output)];
  const norm = (v: tf.Tensor): tf.Tensor => tf.sqrt(tf.add(tf.sum(tf.square(v), 2, true), 1e-12));
  const scaled = tf.mul(y, tf.div(norm(x), norm(y)));
  const clipped = tf.minimum(scaled, tf.mul(x, 1 + 10 ** (15 / 20)));
  const normal = (v: tf.Tensor): tf.Tensor => {
    const centred = tf.sub(v, tf.mean(v, 2, true));
    return tf.div(centred, norm(centred));
  };
  const correlation = tf.mean(tf.sum(tf.mul(normal(x), normal(clipped)), 2), 2);
  const loudness = tf.sum(tf.square(x), [2, 3]);
  const floor = tf.mul(tf.max(loudness, 1, true), 1e-4);
  const spoken = tf.cast(tf.greaterEqual(loudness, floor), 'float32');
  return tf.div(tf.sum(tf.mul(correlation, spoken), 1), tf.maximum(tf.sum(spoken, 1), 1));
}
