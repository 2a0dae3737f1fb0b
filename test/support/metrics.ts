import { expect } from 'vitest';

interface Reported {
  readonly metrics: readonly ReadonlyMap<string, number>[];
}

/** Of a metric, relative to 1 or to its value where that is greater. */
const tolerance = 2e-4;

/** Two engines report the same losses and metrics, update by update. */
export function expectSameMetrics(actual: Reported, expected: Reported): void {
  expect(actual.metrics.length).toBe(expected.metrics.length);
  expected.metrics.forEach((metrics, i) => {
    for (const [name, value] of metrics) {
      const got = actual.metrics[i]?.get(name) ?? NaN;
      const close = Math.abs(got - value) <= tolerance * Math.max(1, Math.abs(value));
      expect(close, `${name} at update ${i + 1}: ${got}, expected ${value}`).toBe(true);
    }
  });
}
