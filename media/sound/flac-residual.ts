import type { Bits } from './flac-bits.js';

/** Of fixed predictors, and of the splits of a block into parts with a code each. */
const mostOrder = 4;
const mostSplits = 5;
/** Above it a code would mean something else. */
const mostParameter = 14;

/**
 * What the best fixed predictor leaves over: differences of so many orders (RFC 9639, 9.2.5).
 * @returns as many numbers as the block has, of which the first `order` count for nothing
 */
export function bestResidual(pcm: Int32Array): { order: number; residual: Int32Array } {
  let residual = pcm;
  let best = { order: 0, residual };
  let least = Infinity;
  for (let order = 0; order <= Math.min(mostOrder, pcm.length - 1); order++) {
    if (order > 0) {
      const before = residual;
      residual = before.map((value, n) => (n < order ? 0 : value - (before[n - 1] ?? 0)));
    }
    let sum = 0;
    for (let n = order; n < pcm.length; n++) sum += Math.abs(residual[n] ?? 0);
    if (sum >= least) continue;
    least = sum;
    best = { order, residual };
  }
  return best;
}

/** Small numbers for small values of either sign. */
const folded = (value: number): number => (value < 0 ? -2 * value - 1 : 2 * value);

interface Part {
  readonly from: number;
  readonly to: number;
  /** Bits that are written as they are. */
  readonly parameter: number;
  readonly bits: number;
}

/** Writes a residual by Rice codes, in the parts that make it shortest (9.2.7). */
export function writeResidual(out: Bits, residual: Int32Array, order: number): void {
  let best: { splits: number; parts: readonly Part[] } | undefined;
  let least = Infinity;
  for (let splits = 0; splits <= mostSplits; splits++) {
    const size = residual.length / 2 ** splits;
    if (!Number.isInteger(size) || size <= order) break;
    const parts = Array.from({ length: 2 ** splits }, (_, i) =>
      partOf(residual, i === 0 ? order : i * size, (i + 1) * size),
    );
    const bits = parts.reduce((sum, part) => sum + part.bits, 0);
    if (bits >= least) continue;
    least = bits;
    best = { splits, parts };
  }
  const { splits, parts } = best ?? {
    splits: 0,
    parts: [partOf(residual, order, residual.length)],
  };
  out.put(0, 2); // parameters of four bits
  out.put(splits, 4);
  for (const { from, to, parameter } of parts) {
    out.put(parameter, 4);
    for (let n = from; n < to; n++) {
      const value = folded(residual[n] ?? 0);
      out.unary(value >>> parameter);
      if (parameter > 0) out.put(value, parameter);
    }
  }
}

/** With the parameter that makes it shortest, which is near the mean's logarithm. */
function partOf(residual: Int32Array, from: number, to: number): Part {
  let sum = 0;
  for (let n = from; n < to; n++) sum += folded(residual[n] ?? 0);
  const near = Math.floor(Math.log2(Math.max(1, sum / Math.max(1, to - from))));
  let best: Part | undefined;
  for (const parameter of [near - 1, near, near + 1]) {
    if (parameter < 0 || parameter > mostParameter) continue;
    let bits = 4;
    for (let n = from; n < to; n++)
      bits += (folded(residual[n] ?? 0) >>> parameter) + 1 + parameter;
    if (best === undefined || bits < best.bits) best = { from, to, parameter, bits };
  }
  return best ?? { from, to, parameter: mostParameter, bits: Infinity };
}
