import FFT from 'fft.js';

/** Half of the spectrum of a real signal: size / 2 + 1 bins. */
export interface HalfSpectrum {
  readonly re: Float64Array;
  readonly im: Float64Array;
}

export const halfSpectrum = (bins: number): HalfSpectrum => ({
  re: new Float64Array(bins),
  im: new Float64Array(bins),
});

/**
 * Fourier transforms of real signals of one size, two signals at a time: as real and imaginary part
 * of a complex one. Forward without a factor, back with 1 / size.
 */
export class RealFft {
  readonly bins: number;
  private readonly fft: FFT;
  private readonly time: Float64Array;
  private readonly frequency: Float64Array;

  /** @param size a power of two above 1 */
  constructor(readonly size: number) {
    this.fft = new FFT(size);
    this.bins = size / 2 + 1;
    this.time = new Float64Array(2 * size);
    this.frequency = new Float64Array(2 * size);
  }

  /** Spectrum of a signal of `size` numbers. */
  forward(signal: ArrayLike<number>, out: HalfSpectrum): void {
    const { frequency, bins } = this;
    this.fft.realTransform(frequency, signal);
    for (let k = 0; k < bins; k++) {
      out.re[k] = frequency[2 * k] ?? 0;
      out.im[k] = frequency[2 * k + 1] ?? 0;
    }
  }

  /** Spectra of two signals, with one complex transform. */
  forwardPair(
    [a, b]: readonly [ArrayLike<number>, ArrayLike<number>],
    [outA, outB]: readonly [HalfSpectrum, HalfSpectrum],
  ): void {
    const { time, frequency, size, bins } = this;
    for (let n = 0; n < size; n++) {
      time[2 * n] = a[n] ?? 0;
      time[2 * n + 1] = b[n] ?? 0;
    }
    this.fft.transform(frequency, time);
    // Called for every block of every clip: what the loop reads stands in variables of its own.
    const [aRe, aIm, bRe, bIm] = [outA.re, outA.im, outB.re, outB.im];
    for (let k = 0; k < bins; k++) {
      const mirror = k === 0 ? 0 : size - k;
      const re = frequency[2 * k] ?? 0;
      const im = frequency[2 * k + 1] ?? 0;
      const mirroredRe = frequency[2 * mirror] ?? 0;
      const mirroredIm = frequency[2 * mirror + 1] ?? 0;
      aRe[k] = (re + mirroredRe) / 2;
      aIm[k] = (im - mirroredIm) / 2;
      bRe[k] = (im + mirroredIm) / 2;
      bIm[k] = (mirroredRe - re) / 2;
    }
  }

  /** The two signals of two spectra, with one complex transform. */
  inversePair(
    [a, b]: readonly [HalfSpectrum, HalfSpectrum],
    [outA, outB]: readonly [Float64Array, Float64Array],
  ): void {
    const { time, frequency, size, bins } = this;
    const [aRe, aIm, bRe, bIm] = [a.re, a.im, b.re, b.im];
    for (let k = 0; k < bins; k++) {
      const ar = aRe[k] ?? 0;
      const ai = aIm[k] ?? 0;
      const br = bRe[k] ?? 0;
      const bi = bIm[k] ?? 0;
      // a + i·b; the mirrored bin is that of the conjugates.
      frequency[2 * k] = ar - bi;
      frequency[2 * k + 1] = ai + br;
      if (k === 0 || k === size / 2) continue;
      frequency[2 * (size - k)] = ar + bi;
      frequency[2 * (size - k) + 1] = br - ai;
    }
    this.fft.inverseTransform(time, frequency);
    for (let n = 0; n < size; n++) {
      outA[n] = time[2 * n] ?? 0;
      outB[n] = time[2 * n + 1] ?? 0;
    }
  }
}
