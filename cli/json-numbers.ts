/** Values by name as JSON: NaN and the infinities as strings, as `summary.json` has them. */
export const jsonNumbers = <T extends number | string>(
  values: Iterable<readonly [name: string, value: T]>,
): Record<string, T | string> =>
  Object.fromEntries(
    [...values].map(([name, value]) => [
      name,
      typeof value !== 'number' || Number.isFinite(value) ? value : String(value),
    ]),
  );
