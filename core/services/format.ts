/** A time for people: `under 1 s`, `45 s`, `3 min 20 s`, `2 h 5 min`, `3 days 4 h`. @param seconds may be infinite */
export function formatDuration(seconds: number): string {
  if (!Number.isFinite(seconds)) return 'unknown';
  if (seconds > 0 && seconds < 1) return 'under 1 s';
  const s = Math.round(seconds);
  if (s < 60) return `${s} s`;
  if (s < 3600) return `${Math.floor(s / 60)} min ${s % 60} s`;
  if (s < 86_400) return `${Math.floor(s / 3600)} h ${Math.floor((s % 3600) / 60)} min`;
  const days = Math.floor(s / 86_400);
  return `${days} day${days === 1 ? '' : 's'} ${Math.floor((s % 86_400) / 3600)} h`;
}

/** A number in a table or on a line: four digits that matter. */
export function formatMetric(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  if (value !== 0 && Math.abs(value) < 1e-3) return value.toExponential(2);
  return value.toFixed(4);
}

/** 1234567 → `1,234,567`. */
export function formatCount(value: number): string {
  return value.toLocaleString('en-US');
}

/** A size of a file for people: `44 kB`, `3.1 MB`. */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} bytes`;
  const [unit, value] = bytes < 1e6 ? ['kB', bytes / 1e3] : ['MB', bytes / 1e6];
  return `${value < 9.95 ? value.toFixed(1) : value.toFixed(0)} ${unit}`;
}

/** An amount of memory for people: `390 MiB`, `2.1 GiB`. */
export function formatMemory(bytes: number): string {
  const mebibytes = bytes / 2 ** 20;
  if (mebibytes < 1000) return `${mebibytes.toFixed(0)} MiB`;
  return `${(mebibytes / 1024).toFixed(1)} GiB`;
}

/** A number of a metric, as its declaration says: with its unit, or as a share. */
export function formatValue(
  value: number,
  { format, unit }: { readonly format: 'number' | 'percent'; readonly unit: string | null },
): string {
  if (format === 'percent' && Number.isFinite(value)) return `${(100 * value).toFixed(1)} %`;
  return unit === null ? formatMetric(value) : `${formatMetric(value)} ${unit}`;
}

/** A speed, for people: two digits below 10, whole numbers above. */
export const formatSpeed = (gigaflops: number): string =>
  `${gigaflops < 10 ? gigaflops.toPrecision(2) : gigaflops.toFixed(0)} GFLOP/s`;
