import { sizeOf, type Doubles } from './support.js';

/** How a convolution moves, in plain numbers: [height, width]. */
export interface Move {
  readonly stride: readonly [number, number];
  readonly dilation: readonly [number, number];
  /** Zeros before. */
  readonly before: readonly [number, number];
  readonly out: readonly [number, number];
}

/** A convolution as its definition says, NHWC, HWIO. */
export function plainConv2d(x: Doubles, kernel: Doubles, move: Move): Doubles {
  const [batch = 0, height = 0, width = 0, channels = 0] = x.shape;
  const [kh = 0, kw = 0, , filters = 0] = kernel.shape;
  const [rows, sides] = move.out;
  const shape = [batch, rows, sides, filters];
  const data = new Float64Array(sizeOf(shape));
  let at = 0;
  for (let b = 0; b < batch; b++)
    for (let i = 0; i < rows; i++)
      for (let j = 0; j < sides; j++)
        for (let o = 0; o < filters; o++, at++)
          for (let p = 0; p < kh; p++)
            for (let q = 0; q < kw; q++) {
              const row = i * move.stride[0] + p * move.dilation[0] - move.before[0];
              const side = j * move.stride[1] + q * move.dilation[1] - move.before[1];
              if (row < 0 || row >= height || side < 0 || side >= width) continue;
              for (let c = 0; c < channels; c++) {
                const value = x.data[((b * height + row) * width + side) * channels + c] ?? NaN;
                const tap = kernel.data[((p * kw + q) * channels + c) * filters + o] ?? NaN;
                data[at] = (data[at] ?? NaN) + value * tap;
              }
            }
  return { shape, data };
}

/** Adds a value for each channel, the last axis. */
export function plainBias(x: Doubles, bias: Doubles): Doubles {
  const { length } = bias.data;
  return { shape: x.shape, data: x.data.map((v, i) => v + (bias.data[i % length] ?? NaN)) };
}

/**
 * (x − mean)/√(variance + ε)·γ + β.
 * @param group which values have their statistics in common, by index
 * @param parameter which entry of γ and β a value has
 */
export function plainNorm(
  x: Doubles,
  gamma: Doubles,
  beta: Doubles,
  epsilon: number,
  group: (index: readonly number[]) => string,
  parameter: (index: readonly number[]) => number,
): Doubles {
  const groups = new Map<string, number[]>();
  x.data.forEach((value, at) => {
    const key = group(indexOf(at, x.shape));
    groups.set(key, [...(groups.get(key) ?? []), value]);
  });
  const statistics = new Map(
    [...groups].map(([key, values]) => {
      const mean = values.reduce((sum, v) => sum + v, 0) / values.length;
      const variance = values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / values.length;
      return [key, { mean, variance }];
    }),
  );
  const data = x.data.map((value, at) => {
    const index = indexOf(at, x.shape);
    const { mean, variance } = statistics.get(group(index)) ?? { mean: NaN, variance: NaN };
    const k = parameter(index);
    const normal = (value - mean) / Math.sqrt(variance + epsilon);
    return normal * (gamma.data[k] ?? NaN) + (beta.data[k] ?? NaN);
  });
  return { shape: x.shape, data };
}

/** Position in the tensor of a place in memory. */
function indexOf(at: number, shape: readonly number[]): number[] {
  const index: number[] = [];
  for (const size of [...shape].reverse()) {
    index.unshift(at % size);
    at = Math.floor(at / size);
  }
  return index;
}
