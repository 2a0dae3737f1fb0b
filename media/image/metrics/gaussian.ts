/** Side and deviation of the window of Wang et al. (2004), in pixels. */
const side = 11;
const sigma = 1.5;

const kernel = weights();

function weights(): Float64Array {
  const half = (side - 1) / 2;
  const values = new Float64Array(side).map((_, i) =>
    Math.exp(-((i - half) ** 2) / (2 * sigma ** 2)),
  );
  const sum = values.reduce((total, w) => total + w, 0);
  return values.map((w) => w / sum);
}

/**
 * Means of an image under a Gaussian window of 11×11 (σ = 1.5), for the windows that lie wholly
 * inside.
 * @param image height × width
 * @returns (height − 10) × (width − 10); empty where the image is smaller than the window
 */
export function windowMeans(image: Float64Array, height: number, width: number): Float64Array {
  const h = Math.max(0, height - side + 1);
  const w = Math.max(0, width - side + 1);
  const rows = new Float64Array(height * w);
  const means = new Float64Array(h * w);
  // The window is separable: along each row, then down each column.
  for (let r = 0; r < height; r++) {
    for (let c = 0; c < w; c++) {
      let sum = 0;
      for (let k = 0; k < side; k++) sum += (kernel[k] ?? 0) * (image[r * width + c + k] ?? 0);
      rows[r * w + c] = sum;
    }
  }
  for (let i = 0; i < means.length; i++) {
    let sum = 0;
    for (let k = 0; k < side; k++) sum += (kernel[k] ?? 0) * (rows[i + k * w] ?? 0);
    means[i] = sum;
  }
  return means;
}
