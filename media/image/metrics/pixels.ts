/** Images of one evaluation: pixels in [0, 1], count × height × width, one after the other. */
export interface ImageBatch {
  readonly count: number;
  readonly height: number;
  readonly width: number;
}

/** The constant that keeps the logarithms of the post's scripts finite. */
const epsilon = 1e-8;

/** What equal images are given, whose ratio is infinite: a mean over images must stay finite. */
const psnrCap = 100;

/** Errors of an output y against what it should equal, t; means are over pixels. */
export interface PixelErrors {
  /** mean |t − y| */
  readonly content: number;
  /** mean ½(t − y)², as the post's scripts define it */
  readonly mse: number;
  /** mean ½(−t·log(y + 1e-8) − (1 − t)·log(1 − y + 1e-8)), as the post's scripts define it */
  readonly crossEntropy: number;
  /**
   * Peak signal-to-noise ratio in dB for the peak 1: −10·log10(mean (t − y)²), without the
   * factor ½ of `mse`; at most 100, which equal images get.
   */
  readonly psnr: number;
}

/**
 * Errors of one image; NaN pixels give NaN.
 * @param y output @param t what it should equal
 * @param from first pixel @param to past the last
 */
export function pixelErrors(
  y: Float32Array,
  t: Float32Array,
  from: number,
  to: number,
): PixelErrors {
  let absolute = 0;
  let square = 0;
  let entropy = 0;
  for (let i = from; i < to; i++) {
    const output = y[i] ?? 0;
    const target = t[i] ?? 0;
    absolute += Math.abs(target - output);
    square += (target - output) ** 2;
    entropy -= target * Math.log(output + epsilon) + (1 - target) * Math.log(1 - output + epsilon);
  }
  const pixels = to - from;
  return {
    content: absolute / pixels,
    mse: square / pixels / 2,
    crossEntropy: entropy / pixels / 2,
    psnr: Math.min(psnrCap, -10 * Math.log10(square / pixels)),
  };
}
