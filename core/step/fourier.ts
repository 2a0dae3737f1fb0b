import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';

/** Half of a spectrum: real and imaginary parts, each [.., bins], bins = ⌊size / 2⌋ + 1. */
export interface HalfSpectrum {
  readonly re: Tensor;
  readonly im: Tensor;
}

/** Weights of the samples 0, 1, …, by which they are multiplied before or after a transform. */
export type FourierWindow = (n: number) => number;

const binsOf = (size: number): number => Math.floor(size / 2) + 1;

/** [size, 2 · bins]: samples to real and imaginary parts. */
function analysis(size: number, window: FourierWindow): Float32Array {
  const bins = binsOf(size);
  return Float32Array.from({ length: size * 2 * bins }, (_, i) => {
    const n = Math.floor(i / (2 * bins));
    const column = i % (2 * bins);
    const angle = (2 * Math.PI * n * (column % bins)) / size;
    return window(n) * (column < bins ? Math.cos(angle) : -Math.sin(angle));
  });
}

/** [2 · bins, size]: the inverse. Bins that have a mirror image count twice. */
function synthesis(size: number, window: FourierWindow): Float32Array {
  const bins = binsOf(size);
  return Float32Array.from({ length: 2 * bins * size }, (_, i) => {
    const row = Math.floor(i / size);
    const n = i % size;
    const k = row % bins;
    const angle = (2 * Math.PI * n * k) / size;
    const twice = k === 0 || 2 * k === size ? 1 : 2;
    return (window(n) * twice * (row < bins ? Math.cos(angle) : -Math.sin(angle))) / size;
  });
}

type Matrix = (size: number, window: FourierWindow) => Float32Array;

/** Each matrix is made once for a size and a window. */
function remembered(make: Matrix): Matrix {
  const known = new WeakMap<FourierWindow, Map<number, Float32Array>>();
  return (size, window) => {
    const bySize = known.get(window) ?? new Map<number, Float32Array>();
    known.set(window, bySize);
    const matrix = bySize.get(size) ?? make(size, window);
    bySize.set(size, matrix);
    return matrix;
  };
}

const [analysisOf, synthesisOf] = [remembered(analysis), remembered(synthesis)];

const flat: FourierWindow = () => 1;

/** A tensor as rows of its last axis. */
const rowsOf = (x: Tensor, size: number): tf.Tensor2D =>
  tf.reshape<tf.Rank.R2>(x, [x.size / size, size]);

/**
 * Discrete Fourier transform of real signals along the last axis:
 * X[k] = Σ w[n]·x[n]·exp(−2πi·k·n / N), k = 0 … ⌊N / 2⌋, as `numpy.fft.rfft`. It is a product with a
 * constant matrix, N · 2 · bins multiply-adds a signal, so that every engine has it and its gradient
 * of any order; for the some thousand samples of a frame, that is as fast as an FFT.
 * @param x [.., N], of any N
 * @param window w; 1 by default. Give one function again and again: its matrix is remembered
 */
export function rfft(x: Tensor, window: FourierWindow = flat): HalfSpectrum {
  const outer = x.shape.slice(0, -1);
  const size = x.shape.at(-1) ?? 1;
  const bins = binsOf(size);
  const spectra = tf.matMul(
    rowsOf(x, size),
    tf.tensor2d(analysisOf(size, window), [size, 2 * bins]),
  );
  const part = (from: number): Tensor =>
    tf.reshape(tf.slice(spectra, [0, from], [x.size / size, bins]), [...outer, bins]);
  return { re: part(0), im: part(bins) };
}

/**
 * The inverse of {@link rfft}: real signals from half of their spectra, as `numpy.fft.irfft`.
 * Imaginary parts of the first bin, and of the last one of an even size, count as 0.
 * @param size N: of [.., ⌊N / 2⌋ + 1] bins comes [.., N]
 * @param window by which the signals are multiplied; 1 by default
 * @throws RangeError where the number of bins is not that of the size
 */
export function irfft(
  { re, im }: HalfSpectrum,
  size: number,
  window: FourierWindow = flat,
): Tensor {
  const bins = binsOf(size);
  if (re.shape.at(-1) !== bins || im.shape.at(-1) !== bins) {
    throw new RangeError(
      `irfft to ${size} samples takes ${bins} bins; [${re.shape.join(', ')}] and [${im.shape.join(', ')}] were given`,
    );
  }
  const spectra = tf.concat([rowsOf(re, bins), rowsOf(im, bins)], 1);
  const signals = tf.matMul(spectra, tf.tensor2d(synthesisOf(size, window), [2 * bins, size]));
  return tf.reshape(signals, [...re.shape.slice(0, -1), size]);
}
