import type { Media, Medium } from '../../core/data/medium.js';
import type { Shape } from '../../core/data/types.js';
import type { HostTensor } from '../../core/engine/types.js';
import type { EvaluatedBatch } from '../../core/evaluation/batch.js';

/** A signal of an evaluation for which there is a medium. */
export interface ShownSignal {
  /** A role of the batch, or `output`. */
  readonly role: string;
  /** For people: the role, mostly. */
  readonly label: string;
  readonly medium: Medium;
  /** [count, …the signal's shape] */
  readonly tensor: HostTensor;
}

/** What people call a role: itself, but that a target is the ground truth. */
export const labelOf = (role: string): string => (role === 'target' ? 'ground truth' : role);

/**
 * What can be shown of an evaluation: what the main network is given first (a reference before all
 * else, as in the post's figures), then the other roles, then the target, and the output last.
 * @param inputs roles that the main network is given
 * @param without is told what no medium fits
 */
export function shownSignals(
  media: Media,
  inputs: readonly string[],
  { signals, output }: Pick<EvaluatedBatch, 'signals' | 'output'>,
  without: (role: string, shape: Shape) => void = () => undefined,
): ShownSignal[] {
  const named = new Set(['reference', ...inputs, ...signals.keys()]);
  named.delete('target');
  const tensors = [
    ...[...named, 'target'].flatMap((role) => {
      const tensor = signals.get(role);
      return tensor === undefined ? [] : [[role, tensor] as const];
    }),
    ['output', output] as const,
  ];
  return tensors.flatMap(([role, tensor]) => {
    const shape = tensor.shape.slice(1);
    const medium = media.of(shape);
    if (medium !== undefined) return [{ role, label: labelOf(role), medium, tensor }];
    without(role, shape);
    return [];
  });
}
