/** A number with four digits that matter; `–` where there is none. */
export function metric(value: number | null | undefined): string {
  if (value === null || value === undefined || Number.isNaN(value)) return '–';
  if (value !== 0 && Math.abs(value) < 1e-3) return minus(value.toExponential(2));
  return minus(value.toFixed(Math.abs(value) >= 100 ? 1 : Math.abs(value) >= 10 ? 2 : 4));
}

export const count = (value: number): string => value.toLocaleString('en-US');

export const percent = (value: number): string => `${(100 * value).toFixed(1)} %`;

export function signed(value: number): string {
  return value > 0 ? `+${metric(value)}` : metric(value);
}

export function pValue(p: number | null): string {
  if (p === null) return '–';
  if (p < 1e-4) return '< 0.0001';
  return p.toFixed(4);
}

export function interval(range: readonly [number, number] | null): string {
  return range === null ? '–' : `${metric(range[0])} to ${metric(range[1])}`;
}

export function duration(seconds: number): string {
  const s = Math.round(seconds);
  if (s < 60) return `${s} s`;
  if (s < 3600) return `${Math.floor(s / 60)} min ${s % 60} s`;
  return `${Math.floor(s / 3600)} h ${Math.floor((s % 3600) / 60)} min`;
}

const minus = (text: string): string => text.replace('-', '−');
