/** Values in pairs, for a chart. */
export function pairs(flat: readonly number[]): [number, number][] {
  const points: [number, number][] = [];
  for (let i = 0; i + 1 < flat.length; i += 2) points.push([flat[i] ?? 0, flat[i + 1] ?? 0]);
  return points;
}

/**
 * Exponential moving average whose first values are not pulled towards zero, as TensorBoard's.
 * @param weight of the past, 0 (none) to below 1
 */
export function smooth(points: readonly [number, number][], weight: number): [number, number][] {
  let last = 0;
  return points.map(([x, y], i) => {
    last = last * weight + (1 - weight) * y;
    return [x, last / (1 - weight ** (i + 1))];
  });
}
