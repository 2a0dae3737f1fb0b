import { splatOf } from '../ir/graph.js';
import { sameShape } from '../ir/shape.js';
import type { Node, Recording } from '../ir/types.js';
import { shapesOf } from './conv-shapes.js';
import { suitsFew } from './few-channels.js';
import type { LoweringOptions } from './options.js';
import { tilingOf } from './winograd/tiling.js';

/** Whether a filter gradient is better over one large batch than over two. */
export function mayMerge(options: LoweringOptions): (gradient: Node) => boolean {
  return (gradient) => {
    const shapes = shapesOf(gradient);
    if (shapes === undefined) return false;
    return tilingOf(options, shapes) === undefined && !suitsFew(options, shapes);
  };
}

/** Operations on images value by value. */
const elementwise = new Set(['unary', 'binary', 'clip', 'leaky', 'compare', 'select', 'cast']);

/**
 * Which images lie as [height, width, batch, channels]: what comes from convolutions that leave
 * them so, and what is computed from these value by value.
 */
export function spatialNodes(
  recording: Recording,
  uses: ReadonlyMap<Node, number>,
  options: LoweringOptions,
): Set<Node> {
  const spatial = new Set<Node>();
  if (options.winograd !== true) return spatial;
  for (const node of recording.nodes) {
    if (!uses.has(node) || node.shape.length !== 4) continue;
    const shapes = node.op.kind === 'convFilter' ? undefined : shapesOf(node);
    if (shapes !== undefined) {
      const manyHere =
        node.op.kind === 'conv' ? shapes.y[3] > shapes.x[3] : shapes.x[3] > shapes.y[3];
      if (suitsFew(options, shapes) ? manyHere : tilingOf(options, shapes) !== undefined) {
        spatial.add(node);
      }
    } else if (elementwise.has(node.op.kind)) {
      const from = node.inputs.filter((n) => sameShape(n.shape, node.shape));
      if (from.some((n) => splatOf(n) === undefined && spatial.has(n))) spatial.add(node);
    }
  }
  return spatial;
}
