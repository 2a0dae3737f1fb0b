/**
 * Whether an output is nearer to the reference than to the target, each at its best non-negative
 * scale: the failure that the post saw by eye. min over s ≥ 0 of ‖y − s·x‖² is
 * ‖y‖² − max(0, y·x)²/‖x‖²; a tie, such as a black output, is no collapse.
 * @param from first pixel @param to past the last
 */
export function isCollapsed(
  y: Float32Array,
  target: Float32Array,
  reference: Float32Array,
  from: number,
  to: number,
): boolean {
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
  return explained(reference) > explained(target);
}
