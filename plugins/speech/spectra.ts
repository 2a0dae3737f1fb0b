import { irfft, rfft, tf, type HalfSpectrum, type Layers } from 'ncn';

/** Window and transform of the spectra, and the hop: half a window. 32 ms and 16 ms at 16 kHz. */
export const windowLength = 512;
export const hop = 256;
export const bins = windowLength / 2 + 1;

/** A complex spectrogram: real and imaginary part, each [batch, frames, 257]. */
export type Spectrogram = HalfSpectrum;

/** The root of a periodic Hann window: its square adds up to one at half a window's hop. */
const window = (n: number): number => Math.sin((Math.PI * n) / windowLength);

/**
 * Short-time Fourier transform.
 * @param blocks [batch, blocks, 256], each with the block before it in front: one more than frames
 * @returns a frame for each block but the first
 */
function transform(blocks: tf.Tensor): Spectrogram {
  const [batch = 1, count = 1] = blocks.shape;
  const frames = count - 1;
  const before = tf.slice(blocks, [0, 0, 0], [batch, frames, hop]);
  const after = tf.slice(blocks, [0, 1, 0], [batch, frames, hop]);
  return rfft(tf.concat([before, after], 2), window);
}

const blocksOf = (x: tf.Tensor): tf.Tensor => {
  const [batch = 1, samples = 0] = x.shape;
  return tf.reshape(x, [batch, samples / hop, hop]);
};

/** The inverse of {@link transform}, windowed: [batch, frames, 512]. */
const windowsOf = (spectra: Spectrogram): tf.Tensor => irfft(spectra, windowLength, window);

/**
 * Spectrogram of a whole signal.
 * @param x [batch, samples, 1], samples a multiple of 256
 * @returns samples / 256 + 1 frames: the first and the last are half beyond the signal
 */
export const stft = (x: tf.Tensor): Spectrogram =>
  transform(
    tf.pad(blocksOf(x), [
      [0, 0],
      [1, 1],
      [0, 0],
    ]),
  );

/**
 * Spectrogram of a signal that a network is given, whole or in pieces.
 * @returns of a whole signal samples / 256 + 1 frames, of a piece samples / 256
 */
export function framesOf(layers: Layers, name: string, x: tf.Tensor): Spectrogram {
  const blocks = blocksOf(x);
  const padded = layers.streaming
    ? blocks
    : tf.pad(blocks, [
        [0, 0],
        [0, 1],
        [0, 0],
      ]);
  return transform(layers.past(name, padded, 1));
}

/** The signal of {@link framesOf}: overlap and add. @returns [batch, samples, 1]; a piece lags a hop */
export function signalOf(layers: Layers, spectra: Spectrogram): tf.Tensor {
  const windows = windowsOf(spectra);
  const [batch = 1, frames = 1] = windows.shape;
  const half = (from: number): tf.Tensor => tf.slice(windows, [0, 0, from], [batch, frames, hop]);
  // A block is the second half of the frame before and the first half of its own.
  const second = tf.slice(layers.past('synthesis', half(hop), 1), [0, 0, 0], [batch, frames, hop]);
  const blocks = tf.add(second, half(0));
  if (layers.streaming) return tf.reshape(blocks, [batch, frames * hop, 1]);
  const whole = tf.slice(blocks, [0, 1, 0], [batch, frames - 1, hop]);
  return tf.reshape(whole, [batch, (frames - 1) * hop, 1]);
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
