/** Side and deviation of the Gaussian window. */
const side = 11;
const sigma = 1.5;
const c1 = 0.01 ** 2;
const c2 = 0.03 ** 2;

const kernel = gaussian();

function gaussian(): Float64Array {
  const half = (side - 1) / 2;
  const weights = Float64Array.from({ length: side }, (_, i) =>
    Math.exp(-((i - half) ** 2) / (2 * sigma ** 2)),
  );
  const sum = weights.reduce((total, w) => total + w, 0);
  return weights.map((w) => w / sum);
}

/**
 * Structural similarity of two images in [0, 1]: Wang et al. (2004), equation 13, with their
 * Gaussian window of 11×11 (σ = 1.5), K1 = 0.01, K2 = 0.03, averaged over the windows that lie
 * wholly inside. Images smaller than the window give NaN.
 * @param from first pixel of the image in both arrays
 */
export function ssim(
  x: Float32Array,
  y: Float32Array,
  from: number,
  height: number,
  width: number,
): number {
  const moments = ([a, b]: readonly [Float32Array, Float32Array]): Float64Array =>
    blur(product(a, b, from, height * width), height, width);
  const one = new Float32Array(from + height * width).fill(1);
  const mx = moments([x, one]);
  const my = moments([y, one]);
  const xx = moments([x, x]);
  const yy = moments([y, y]);
  const xy = moments([x, y]);
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

function product(a: Float32Array, b: Float32Array, from: number, pixels: number): Float64Array {
  return Float64Array.from({ length: pixels }, (_, i) => (a[from + i] ?? 0) * (b[from + i] ?? 0));
}

/** Separable convolution, windows inside only: (height − 10) × (width − 10). */
function blur(image: Float64Array, height: number, width: number): Float64Array {
  const w = Math.max(0, width - side + 1);
  const h = Math.max(0, height - side + 1);
  const rows = new Float64Array(height * w);
  for (let r = 0; r < height; r++) {
    for (let c = 0; c < w; c++) {
      let sum = 0;
      for (let k = 0; k < side; k++) sum += (kernel[k] ?? 0) * (image[r * width + c + k] ?? 0);
      rows[r * w + c] = sum;
    }
  }
  const result = new Float64Array(h * w);
  for (let r = 0; r < h; r++) {
    for (let c = 0; c < w; c++) {
      let sum = 0;
      for (let k = 0; k < side; k++) sum += (kernel[k] ?? 0) * (rows[(r + k) * w + c] ?? 0);
      result[r * w + c] = sum;
    }
  }
  return result;
}
