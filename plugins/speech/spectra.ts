import { tf } from 'ncn';

/** Window and transform of the spectra, and the hop: half a window. 32 ms and 16 ms at 16 kHz. */
export const windowLength = 512;
export const hop = 256;
export const bins = windowLength / 2 + 1;

/** A complex spectrogram: real and imaginary part, each [batch, frames, 257]. */
export interface Spectrogram {
  readonly re: tf.Tensor;
  readonly im: tf.Tensor;
}

/** The root of a periodic Hann window: its square adds up to one at half a window's hop. */
const window = (n: number): number => Math.sin((Math.PI * n) / windowLength);

/** [512, 514]: windowed samples to real and imaginary parts. */
const analysis = Float32Array.from({ length: windowLength * 2 * bins }, (_, i) => {
  const n = Math.floor(i / (2 * bins));
  const column = i % (2 * bins);
  const angle = (2 * Math.PI * n * (column % bins)) / windowLength;
  return window(n) * (column < bins ? Math.cos(angle) : -Math.sin(angle));
});

/** [514, 512]: the inverse, windowed. */
const synthesis = Float32Array.from({ length: 2 * bins * windowLength }, (_, i) => {
  const row = Math.floor(i / windowLength);
  const n = i % windowLength;
  const k = row % bins;
  const angle = (2 * Math.PI * n * k) / windowLength;
  const twice = k === 0 || k === bins - 1 ? 1 : 2;
  return (window(n) * twice * (row < bins ? Math.cos(angle) : -Math.sin(angle))) / windowLength;
});

/**
 * Short-time Fourier transform as a product with a constant matrix, which every engine has.
 * @param x [batch, samples, 1], samples a multiple of 256
 * @returns frames = samples / 256 + 1: the first and the last are half beyond the signal
 */
export function stft(x: tf.Tensor): Spectrogram {
  const [batch = 1, samples = 0] = x.shape;
  const blocks = samples / hop;
  const padded = tf.pad(tf.reshape<tf.Rank.R3>(x, [batch, blocks, hop]), [
    [0, 0],
    [1, 1],
    [0, 0],
  ]);
  const frames = blocks + 1;
  const before = tf.slice(padded, [0, 0, 0], [batch, frames, hop]);
  const after = tf.slice(padded, [0, 1, 0], [batch, frames, hop]);
  const windows = tf.reshape<tf.Rank.R2>(tf.concat([before, after], 2), [
    batch * frames,
    windowLength,
  ]);
  const spectra = tf.matMul(windows, tf.tensor2d(analysis, [windowLength, 2 * bins]));
  const part = (from: number): tf.Tensor =>
    tf.reshape(tf.slice(spectra, [0, from], [batch * frames, bins]), [batch, frames, bins]);
  return { re: part(0), im: part(bins) };
}

/** The inverse of {@link stft}: overlap and add. @returns [batch, samples, 1] */
export function istft({ re, im }: Spectrogram): tf.Tensor {
  const [batch = 1, frames = 1] = re.shape;
  const flat = (part: tf.Tensor): tf.Tensor2D =>
    tf.reshape<tf.Rank.R2>(part, [batch * frames, bins]);
  const spectra = tf.concat([flat(re), flat(im)], 1);
  const windows = tf.matMul(spectra, tf.tensor2d(synthesis, [2 * bins, windowLength]));
  const halves = tf.reshape<tf.Rank.R3>(windows, [batch, frames, windowLength]);
  const blocks = frames - 1;
  // Each block is the second half of its frame and the first half of the next.
  const second = tf.slice(halves, [0, 0, hop], [batch, blocks, hop]);
  const first = tf.slice(halves, [0, 1, 0], [batch, blocks, hop]);
  return tf.reshape(tf.add(second, first), [batch, blocks * hop, 1]);
}

/** A spectrogram with its magnitudes raised to 0.3: as ears compress. */
export interface Compressed extends Spectrogram {
  readonly magnitude: tf.Tensor;
}

export function compress({ re, im }: Spectrogram): Compressed {
  const power = tf.add(tf.add(tf.square(re), tf.square(im)), 1e-10);
  const slope = tf.pow(power, -0.35);
  return { magnitude: tf.pow(power, 0.15), re: tf.mul(re, slope), im: tf.mul(im, slope) };
}

/** |X|^0.3 */
export function magnitude({ re, im }: Spectrogram): tf.Tensor {
  return tf.pow(tf.add(tf.add(tf.square(re), tf.square(im)), 1e-10), 0.15);
}
