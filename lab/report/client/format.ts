import type { MetricModel } from '../model.js';

type Format = Pick<MetricModel, 'format'>;

/** A number with four digits that matter; `–` where there is none. */
export function metric(x: number | null | undefined): string {
  if (x === null || x === undefined || Number.isNaN(x)) return '–';
  if (x !== 0 && Math.abs(x) < 1e-3) return minus(x.toExponential(2));
  return minus(x.toFixed(Math.abs(x) >= 100 ? 1 : Math.abs(x) >= 10 ? 2 : 4));
}

export const count = (x: number): string => x.toLocaleString('en-US');

export const percent = (x: number): string => `${(100 * x).toFixed(1)} %`;

/** With a capital: how a line begins. */
export const capital = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1);

/** The value of a metric, where its unit stands elsewhere. */
export const value = (x: number | null | undefined, { format }: Format): string =>
  format === 'percent' && x !== null && x !== undefined && !Number.isNaN(x)
    ? minus(percent(x))
    : metric(x);

/** The value of a metric with its unit. */
export const withUnit = (x: number | null, of: Format & Pick<MetricModel, 'unit'>): string =>
  x === null || of.unit === null ? value(x, of) : `${value(x, of)} ${of.unit}`;

export function signed(x: number, of: Format = { format: 'number' }): string {
  return x > 0 ? `+${value(x, of)}` : value(x, of);
}

export function pValue(p: number | null): string {
  if (p === null) return '–';
  if (p < 1e-4) return '< 0.0001';
  return p.toFixed(4);
}

export function interval(range: readonly [number, number] | null, of: Format): string {
  return range === null ? '–' : `${value(range[0], of)} to ${value(range[1], of)}`;
}

export function duration(seconds: number): string {
  const s = Math.round(seconds);
  if (s < 60) return `${s} s`;
  if (s < 3600) return `${Math.floor(s / 60)} min ${s % 60} s`;
  return `${Math.floor(s / 3600)} h ${Math.floor((s % 3600) / 60)} min`;
}

const minus = (text: string): string => text.replace('-', '−');
