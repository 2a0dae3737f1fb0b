import { halfSpectrum, RealFft, type HalfSpectrum } from './fft.js';

/** Samples in a block, 16 ms at 16 kHz, and partitions of the filter: 0.256 s. */
export const cancellerBlock = 256;
const partitions = 16;
const size = 2 * cancellerBlock;

/** Fading of the filter from block to block, and of its uncertainty. */
const fade = 0.999;
/** Forgetting of the residual's power. */
const forget = 0.95;

/**
 * A linear canceller of the echo of a known signal: a partitioned-block frequency-domain adaptive
 * Kalman filter with diagonal covariances (Enzner and Vary, "Frequency-domain adaptive Kalman filter
 * for acoustic echo control in hands-free telephones", 2006; partitions as in Kuech, Mabande and
 * Enzner, 2014), tuned on simulated rooms. The output is a posteriori: the block is filtered again
 * with what it taught.
 */
export class EchoCanceller {
  private readonly fft = new RealFft(size);
  private readonly bins = this.fft.bins;
  /** Filter and its uncertainty, partition by partition; the reference's spectra, newest first. */
  private readonly filter = spectra();
  private reference = spectra();
  private readonly uncertainty = Array.from({ length: partitions }, (_, p) =>
    new Float64Array(this.bins).fill(0.1 * Math.exp(-0.3 * p)),
  );
  private readonly residual = new Float64Array(this.bins).fill(0.1);
  /** The block before and this one. */
  private readonly window = new Float64Array(size);
  private readonly sum = halfSpectrum(this.bins);
  private readonly zero = halfSpectrum(this.bins);
  private readonly error = halfSpectrum(this.bins);
  private readonly step = new Float64Array(this.bins);
  private readonly expected = new Float64Array(this.bins);
  private readonly time = new Float64Array(size);
  private readonly unused = new Float64Array(size);
  private readonly gradients = [halfSpectrum(this.bins), halfSpectrum(this.bins)] as const;
  private readonly responses = [new Float64Array(size), new Float64Array(size)] as const;

  /**
   * Takes the next block.
   * @param microphone 256 samples @param reference what was played meanwhile, 256 samples
   * @param output receives the microphone without the echo
   */
  process(microphone: Float32Array, reference: Float32Array, output: Float32Array): void {
    this.advance(reference);
    this.predict();
    const { time, bins } = this;
    for (let n = 0; n < cancellerBlock; n++) {
      const at = cancellerBlock + n;
      time[at] = (microphone[n] ?? 0) - (time[at] ?? 0);
    }
    time.fill(0, 0, cancellerBlock);
    this.fft.forward(time, this.error);
    const { expected, residual, step, error } = this;
    expected.fill(0);
    for (let p = 0; p < partitions; p++) this.addExpected(p, expected);
    for (let k = 0; k < bins; k++) {
      const re = error.re[k] ?? 0;
      const im = error.im[k] ?? 0;
      const next = forget * (residual[k] ?? 0) + (1 - forget) * Math.max(re * re + im * im, 1e-8);
      residual[k] = next;
      step[k] = 1 / ((expected[k] ?? 0) + next + 1e-10);
    }
    for (let p = 0; p < partitions; p += 2) this.adapt(p);
    this.predict();
    for (let n = 0; n < cancellerBlock; n++) {
      output[n] = (microphone[n] ?? 0) - (time[cancellerBlock + n] ?? 0);
    }
  }

  /** Puts the spectrum of the newest two blocks in front. */
  private advance(reference: Float32Array): void {
    const { window } = this;
    window.copyWithin(0, cancellerBlock);
    window.set(reference, cancellerBlock);
    const oldest = this.reference.at(-1) ?? halfSpectrum(this.bins);
    this.reference = [oldest, ...this.reference.slice(0, -1)];
    this.fft.forward(window, oldest);
  }

  /** The echo that the filter expects, in the second half of `time`. */
  private predict(): void {
    const { sum, bins } = this;
    sum.re.fill(0);
    sum.im.fill(0);
    for (let p = 0; p < partitions; p++) {
      addProduct(this.reference[p] ?? this.zero, this.filter[p] ?? this.zero, sum, bins);
    }
    this.fft.inversePair([sum, this.zero], [this.time, this.unused]);
  }

  /** Adds the power of the error that the filter's uncertainty explains. */
  private addExpected(p: number, sum: Float64Array): void {
    const x = this.reference[p] ?? this.zero;
    const uncertainty = this.uncertainty[p] ?? sum;
    const { re, im } = x;
    const { bins } = this;
    for (let k = 0; k < bins; k++) {
      const xr = re[k] ?? 0;
      const xi = im[k] ?? 0;
      const power = xr * xr + xi * xi;
      sum[k] = (sum[k] ?? 0) + 0.5 * power * (uncertainty[k] ?? 0);
    }
  }

  /** Moves two partitions along their gradients, kept to responses of one block. */
  private adapt(first: number): void {
    const { gradients, responses } = this;
    this.gradient(first, gradients[0]);
    this.gradient(first + 1, gradients[1]);
    this.fft.inversePair(gradients, responses);
    responses[0].fill(0, cancellerBlock);
    responses[1].fill(0, cancellerBlock);
    this.fft.forwardPair(responses, gradients);
    this.move(first, gradients[0]);
    this.move(first + 1, gradients[1]);
  }

  private gradient(p: number, out: HalfSpectrum): void {
    const x = this.reference[p] ?? this.zero;
    const { step, error, bins } = this;
    const uncertainty = this.uncertainty[p] ?? step;
    const [xRe, xIm, eRe, eIm, outRe, outIm] = [x.re, x.im, error.re, error.im, out.re, out.im];
    for (let k = 0; k < bins; k++) {
      const mu = (uncertainty[k] ?? 0) * (step[k] ?? 0);
      const xr = xRe[k] ?? 0;
      const xi = xIm[k] ?? 0;
      const er = eRe[k] ?? 0;
      const ei = eIm[k] ?? 0;
      outRe[k] = mu * (xr * er + xi * ei);
      outIm[k] = mu * (xr * ei - xi * er);
    }
  }

  private move(p: number, gradient: HalfSpectrum): void {
    const x = this.reference[p] ?? this.zero;
    const w = this.filter[p] ?? this.zero;
    const { step, bins } = this;
    const uncertainty = this.uncertainty[p] ?? step;
    const [xRe, xIm, wRe, wIm, gRe, gIm] = [x.re, x.im, w.re, w.im, gradient.re, gradient.im];
    for (let k = 0; k < bins; k++) {
      const re = fade * ((wRe[k] ?? 0) + (gRe[k] ?? 0));
      const im = fade * ((wIm[k] ?? 0) + (gIm[k] ?? 0));
      wRe[k] = re;
      wIm[k] = im;
      const before = uncertainty[k] ?? 0;
      const xr = xRe[k] ?? 0;
      const xi = xIm[k] ?? 0;
      const power = xr * xr + xi * xi;
      const learned = 1 - 0.5 * before * (step[k] ?? 0) * power;
      const next = fade ** 2 * learned * before + (1 - fade ** 2) * (re * re + im * im) + 1e-9;
      uncertainty[k] = Math.max(next, 1e-9);
    }
  }
}

/** Adds x·w to a spectrum. */
function addProduct(x: HalfSpectrum, w: HalfSpectrum, sum: HalfSpectrum, bins: number): void {
  const [xRe, xIm, wRe, wIm, re, im] = [x.re, x.im, w.re, w.im, sum.re, sum.im];
  for (let k = 0; k < bins; k++) {
    const xr = xRe[k] ?? 0;
    const xi = xIm[k] ?? 0;
    const wr = wRe[k] ?? 0;
    const wi = wIm[k] ?? 0;
    re[k] = (re[k] ?? 0) + xr * wr - xi * wi;
    im[k] = (im[k] ?? 0) + xr * wi + xi * wr;
  }
}

const spectra = (): HalfSpectrum[] =>
  Array.from({ length: partitions }, () => halfSpectrum(size / 2 + 1));

/**
 * The microphone without the echo of the reference, a whole recording at once.
 * @param reference what was played, from the same moment on; silence where it is shorter
 * @returns as many samples as the microphone has
 */
export function cancelEcho(microphone: Float32Array, reference: Float32Array): Float32Array {
  const canceller = new EchoCanceller();
  const output = new Float32Array(microphone.length);
  const [mic, ref, out] = [0, 1, 2].map(() => new Float32Array(cancellerBlock));
  if (mic === undefined || ref === undefined || out === undefined) return output;
  for (let at = 0; at < microphone.length; at += cancellerBlock) {
    const part = microphone.subarray(at, at + cancellerBlock);
    mic.fill(0).set(part);
    ref.fill(0).set(reference.subarray(at, at + cancellerBlock));
    canceller.process(mic, ref, out);
    output.set(out.subarray(0, part.length), at);
  }
  return output;
}
