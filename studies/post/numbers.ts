import type { MeanInterval, Measurement } from 'ncn/lab';
import type { JudgedPart } from './analysis.js';

/** `0.0378 ± 0.0012`; without an interval for a single seed; `–` for none. */
export function plusMinus({ n, mean, interval }: MeanInterval, digits: number, factor = 1): string {
  if (n === 0) return '–';
  const text = (factor * mean).toFixed(digits);
  if (interval === null) return text;
  return `${text} ± ${(factor * (interval[1] - mean)).toFixed(digits)}`;
}

/** Effect with its interval: `0.98 [0.91, 1.05]`; shares as percentages. */
export function effectText({ unit }: JudgedPart, m: Measurement): string {
  if (m.n === 0) return 'not measured';
  const show = (x: number): string =>
    unit === 'level' ? `${(100 * x).toFixed(1)} %` : x.toFixed(unit === 'ratio' ? 2 : 3);
  return m.n === 1 ? show(m.effect) : `${show(m.effect)} [${show(m.low)}, ${show(m.high)}]`;
}

export function pText({ n, p }: Measurement): string {
  if (n < 2 || Number.isNaN(p)) return '–';
  return p < 0.001 ? '< 0.001' : p.toFixed(3);
}
