/**
 * How much more of an output the reference explains than the target does, as a share of the
 * output: cos²(y, reference) − cos²(y, target), where a negative product counts as 0; from −1 to 1.
 * Above 0 the output is nearer to the reference than to the target, each at its best non-negative
 * scale (min over s ≥ 0 of ‖y − s·x‖² is ‖y‖² − max(0, y·x)²/‖x‖²): the failure that the post saw
 * by eye. A tie, such as a black output, gives 0 and is none.
 * @param from first pixel @param to past the last
 */
export function collapseMargin(
  y: Float32Array,
  target: Float32Array,
  reference: Float32Array,
  from: number,
  to: number,
): number {
  const explained = (x: Float32Array): number => {
    let dot = 0;
    let norm = 0;
    for (let i = from; i < to; i++) {
      const value = x[i] ?? 0;
      dot += (y[i] ?? 0) * value;
      norm += value * value;
    }
    return norm === 0 ? 0 : Math.max(0, dot) ** 2 / norm;
  };
  const difference = explained(reference) - explained(target);
  if (difference === 0) return 0;
  let size = 0;
  for (let i = from; i < to; i++) size += (y[i] ?? 0) ** 2;
  return difference / size;
}

/** Whether an output is nearer to the reference than to the target; see {@link collapseMargin}. */
export function isCollapsed(
  y: Float32Array,
  target: Float32Array,
  reference: Float32Array,
  from: number,
  to: number,
): boolean {
  return collapseMargin(y, target, reference, from, to) > 0;
}
