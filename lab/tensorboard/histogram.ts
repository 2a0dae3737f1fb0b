import type { HistogramMessage } from './messages.js';

const buckets = 40;

/** Values counted of a tensor, at most: more would not change the picture, and take long. */
const maxCounted = 2 ** 17;

/**
 * A histogram of 40 equal buckets from the smallest to the largest value; what is not finite is
 * left out. All values equal give one bucket around them. Of more than 131,072 values, every k-th is
 * counted, k odd, so that channels (mostly a power of two) all take part.
 * @returns undefined where no value is finite
 */
export function histogramOf(values: Float32Array): HistogramMessage | undefined {
  let min = Infinity;
  let max = -Infinity;
  let num = 0;
  let sum = 0;
  let sumSquares = 0;
  const every = values.length <= maxCounted ? 1 : Math.ceil(values.length / maxCounted) | 1;
  for (let i = 0; i < values.length; i += every) {
    const value = values[i] ?? NaN;
    if (!Number.isFinite(value)) continue;
    if (value < min) min = value;
    if (value > max) max = value;
    num++;
    sum += value;
    sumSquares += value * value;
  }
  if (num === 0) return undefined;
  const common = { min, max, num, sum, sumSquares };
  if (min === max) {
    const half = Math.max(Math.abs(min) * 1e-3, 1e-12);
    return { ...common, bucketLimit: [min - half, max + half], bucket: [0, num] };
  }
  const counts = new Float64Array(buckets);
  const scale = buckets / (max - min);
  for (let i = 0; i < values.length; i += every) {
    const value = values[i] ?? NaN;
    if (!Number.isFinite(value)) continue;
    const bucket = Math.min(buckets - 1, Math.floor((value - min) * scale));
    counts[bucket] = (counts[bucket] ?? 0) + 1;
  }
  const bucketLimit = Array.from({ length: buckets }, (_, i) =>
    i === buckets - 1 ? max : min + ((i + 1) * (max - min)) / buckets,
  );
  // TensorBoard takes the first bucket to begin where the one before ends.
  return { ...common, bucketLimit: [min, ...bucketLimit], bucket: [0, ...counts] };
}
