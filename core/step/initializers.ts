import type { Initializer } from './parameters.js';

export const zeros: Initializer = (out) => {
  out.fill(0);
};

export const ones: Initializer = (out) => {
  out.fill(1);
};

export const constant =
  (value: number): Initializer =>
  (out) => {
    out.fill(value);
  };

/** Normal numbers with mean 0. */
export const normal =
  (deviation: number): Initializer =>
  (out, _shape, random) => {
    random.fillNormal(out, 0, deviation);
  };

const limits = new WeakMap<Initializer, (shape: readonly number[]) => number>();

/** Uniform numbers in ±limit, which goes by the shape. */
function uniformWithin(limitOf: (shape: readonly number[]) => number): Initializer {
  const initializer: Initializer = (out, shape, random) => {
    const limit = limitOf(shape);
    random.fillUniform(out, -limit, limit);
  };
  limits.set(initializer, limitOf);
  return initializer;
}

/** Of an initializer that fills a tensor with uniform numbers in ±limit, and nothing else: the limit. */
export const uniformLimit = (
  initializer: Initializer,
  shape: readonly number[],
): number | undefined => limits.get(initializer)?.(shape);

/**
 * Glorot and Bengio (2010), equation 16: uniform in ±√(6 / (fan in + fan out)), where a fan is
 * the channels times the size of the receptive field (kernels are [..., in, out]).
 */
export const glorotUniform = uniformWithin((shape) => {
  const channelsOut = shape.at(-1) ?? 1;
  const channelsIn = shape.at(-2) ?? 1;
  const field = shape.slice(0, -2).reduce((product, size) => product * size, 1);
  return Math.sqrt(6 / (field * (channelsIn + channelsOut)));
});

/**
 * He et al. (2015), equation 10: normal with variance 2 / fan in, for layers before a ReLU. The
 * kernels of transposed convolutions are [..., out, in]: there it goes by their outputs.
 */
export const heNormal: Initializer = (out, shape, random) => {
  random.fillNormal(out, 0, Math.sqrt(2 / fanIn(shape)));
};

/** As `heNormal`, of the same variance, but uniform: in ±√(6 / fan in). */
export const heUniform = uniformWithin((shape) => Math.sqrt(6 / fanIn(shape)));

/** Values that an output is a sum of: all axes of a kernel but the last. */
function fanIn(shape: readonly number[]): number {
  return shape.slice(0, -1).reduce((product, size) => product * size, 1);
}

/**
 * Saxe, McClelland and Ganguli (2014): the kernel as a matrix [everything else, out] is a random one
 * with orthonormal columns, or rows, where there are fewer of them. By Gram and Schmidt's method on
 * normal numbers, of which all directions are equally likely.
 */
export const orthogonal: Initializer = (out, shape, random) => {
  const columns = shape.at(-1) ?? 1;
  const rows = out.length / columns;
  const [length, count] = [Math.max(rows, columns), Math.min(rows, columns)];
  const basis: Float64Array[] = [];
  while (basis.length < count) {
    const vector = Float64Array.from({ length }, () => random.normal());
    // Twice: what rounding left in the first time is gone after the second.
    for (let pass = 0; pass < 2; pass++) {
      for (const other of basis) subtract(vector, other, dot(vector, other));
    }
    const norm = Math.sqrt(dot(vector, vector));
    basis.push(vector.map((value) => value / norm));
  }
  basis.forEach((vector, i) => {
    vector.forEach((value, j) => {
      out[rows >= columns ? j * columns + i : i * columns + j] = value;
    });
  });
};

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] ?? 0) * (b[i] ?? 0);
  return sum;
}

/** vector −= factor · other */
function subtract(vector: Float64Array, other: Float64Array, factor: number): void {
  for (let i = 0; i < vector.length; i++) vector[i] = (vector[i] ?? 0) - factor * (other[i] ?? 0);
}
