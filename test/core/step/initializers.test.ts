import { expect, test } from 'vitest';
import { RandomStreams } from '../../../core/random/streams.js';
import {
  constant,
  glorotUniform,
  heNormal,
  heUniform,
  normal,
  orthogonal,
} from '../../../core/step/initializers.js';
import type { Initializer } from '../../../core/step/types.js';

function fill(initializer: Initializer, shape: readonly number[]): Float32Array {
  const out = new Float32Array(shape.reduce((a, b) => a * b, 1));
  initializer(out, shape, new RandomStreams(1).at('initial'));
  return out;
}

const moment = (values: Float32Array, power: number): number =>
  values.reduce((sum, v) => sum + v ** power, 0) / values.length;

// Fans of a kernel [3, 5, 16, 40]: 240 in, 600 out. The kurtosis is 3 of a normal distribution, 1.8
// of a uniform one.
test.each([
  { name: 'heNormal', initializer: heNormal, variance: 2 / 240, kurtosis: 3 },
  { name: 'heUniform', initializer: heUniform, variance: 2 / 240, kurtosis: 1.8 },
  { name: 'glorotUniform', initializer: glorotUniform, variance: 2 / 840, kurtosis: 1.8 },
  { name: 'normal', initializer: normal(0.02), variance: 0.0004, kurtosis: 3 },
])('$name has the variance and the shape that it should', ({ initializer, variance, kurtosis }) => {
  const values = fill(initializer, [3, 5, 16, 40]);
  const deviation = Math.sqrt(variance);
  // Four standard errors of the mean; 9600 values.
  expect(Math.abs(moment(values, 1))).toBeLessThan((4 * deviation) / Math.sqrt(values.length));
  expect(moment(values, 2) / variance).toBeCloseTo(1, 1);
  expect(moment(values, 4) / moment(values, 2) ** 2 / kurtosis).toBeCloseTo(1, 1);
});

test('constant fills with its value', () => {
  expect(fill(constant(0.25), [3])).toEqual(Float32Array.of(0.25, 0.25, 0.25));
});

test.each([
  { shape: [3, 2, 4], rows: 6, columns: 4 },
  { shape: [2, 7], rows: 2, columns: 7 },
])('orthogonal: $shape has orthonormal columns, or rows', ({ shape, rows, columns }) => {
  const values = fill(orthogonal, shape);
  const tall = rows >= columns;
  const [count, length] = tall ? [columns, rows] : [rows, columns];
  const value = (vector: number, at: number): number =>
    values[tall ? at * columns + vector : vector * columns + at] ?? NaN;
  for (let i = 0; i < count; i++) {
    for (let j = 0; j < count; j++) {
      let product = 0;
      for (let k = 0; k < length; k++) product += value(i, k) * value(j, k);
      expect(product).toBeCloseTo(i === j ? 1 : 0, 6);
    }
  }
});
