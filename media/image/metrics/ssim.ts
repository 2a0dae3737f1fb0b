import { windowMeans } from './gaussian.js';

/** (K1·L)² and (K2·L)², with K1 = 0.01, K2 = 0.03 and the range L = 1. */
const c1 = 0.01 ** 2;
const c2 = 0.03 ** 2;

/**
 * Structural similarity of two images in [0, 1]: Wang, Bovik, Sheikh, Simoncelli, "Image quality
 * assessment: from error visibility to structural similarity" (2004), equation 13,
 *
 *     (2·μx·μy + c1)(2·σxy + c2) / ((μx² + μy² + c1)(σx² + σy² + c2)),
 *
 * with their Gaussian window of 11×11 (σ = 1.5), averaged over the windows that lie wholly inside.
 * @param from first pixel of the image in both arrays
 * @returns at most 1, which equal images get; NaN for images smaller than the window
 */
export function ssim(
  x: Float32Array,
  y: Float32Array,
  from: number,
  height: number,
  width: number,
): number {
  const moment = (value: (x: number, y: number) => number): Float64Array => {
    const image = new Float64Array(height * width);
    for (let i = 0; i < image.length; i++) image[i] = value(x[from + i] ?? 0, y[from + i] ?? 0);
    return windowMeans(image, height, width);
  };
  const mx = moment((a) => a);
  const my = moment((_, b) => b);
  const xx = moment((a) => a * a);
  const yy = moment((_, b) => b * b);
  const xy = moment((a, b) => a * b);
  let sum = 0;
  for (let i = 0; i < mx.length; i++) {
    const ux = mx[i] ?? 0;
    const uy = my[i] ?? 0;
    const vx = (xx[i] ?? 0) - ux * ux;
    const vy = (yy[i] ?? 0) - uy * uy;
    const cov = (xy[i] ?? 0) - ux * uy;
    sum += ((2 * ux * uy + c1) * (2 * cov + c2)) / ((ux * ux + uy * uy + c1) * (vx + vy + c2));
  }
  return sum / mx.length;
}
