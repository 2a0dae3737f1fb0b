import { at, pick, range } from '../ir/shape.js';
import type { Node, Operation } from '../ir/types.js';
import { int } from '../onnx/attributes.js';
import type { Value } from '../onnx/graph.js';
import type { Context } from './context.js';
import { permutationOf, physicalShape, type Permuted } from './layout.js';

type Of<K extends Operation['kind']> = Extract<Operation, { kind: K }>;

/** Past the beginning, for a slice that runs backwards to the first element. */
const beforeFirst = -(2 ** 31);

export function lowerSplat(c: Context, node: Node, op: Of<'splat'>): Value {
  const scalar = c.graph.scalar(op.value, node.dtype);
  const value = node.shape.length === 0 ? scalar : c.expand(scalar, node.shape);
  return c.put(node, 'logical', value);
}

export function lowerReshape(c: Context, node: Node): Value {
  return c.put(node, 'logical', c.reshape(c.get(only(node)), node.shape));
}

export function lowerBroadcast(c: Context, node: Node): Value {
  const input = only(node);
  const layout: Permuted = node.shape.length === 4 ? 'channels' : 'logical';
  const value = c.operand(input, node.shape.length, layout);
  return c.put(node, layout, c.expand(value, physicalShape(node.shape, layout)));
}

export function lowerTranspose(c: Context, node: Node, op: Of<'transpose'>): Value {
  return c.put(node, 'logical', c.transpose(c.get(only(node)), op.perm));
}

export function lowerConcat(c: Context, node: Node, op: Of<'concat'>): Value {
  const layout = naturalLayout(c, node.inputs);
  const axis = axesIn(layout, node, [op.axis])[0] ?? 0;
  const parts = node.inputs.map((input) => c.get(input, layout));
  return c.put(node, layout, c.graph.op('Concat', parts, { axis: int(axis) }));
}

export function lowerSlice(c: Context, node: Node, op: Of<'slice'>): Value {
  const input = only(node);
  const layout = naturalLayout(c, [input]);
  const moved = range(input.shape.length).filter(
    (axis) =>
      op.begin[axis] !== 0 || op.strides[axis] !== 1 || node.shape[axis] !== input.shape[axis],
  );
  const ends = moved.map((axis) => {
    const end = at(op.end, axis);
    return end < 0 ? beforeFirst : end;
  });
  const bounds = [
    c.graph.integers(pick(op.begin, moved)),
    c.graph.integers(ends),
    c.graph.integers(axesIn(layout, input, moved)),
    c.graph.integers(pick(op.strides, moved)),
  ];
  return c.put(node, layout, c.graph.op('Slice', [c.get(input, layout), ...bounds]));
}

export function lowerPad(c: Context, node: Node, op: Of<'pad'>): Value {
  const input = only(node);
  const layout = naturalLayout(c, [input]);
  const order = input.shape.length === 4 ? permutationOf(layout) : range(input.shape.length);
  const pads = [...pick(op.before, order), ...pick(op.after, order)];
  const value = c.graph.scalar(op.value, node.dtype);
  return c.put(
    node,
    layout,
    c.graph.op('Pad', [c.get(input, layout), c.graph.integers(pads), value]),
  );
}

export function lowerTile(c: Context, node: Node, op: Of<'tile'>): Value {
  return c.put(node, 'logical', c.graph.op('Tile', [c.get(only(node)), c.graph.integers(op.reps)]));
}

export function lowerGather(c: Context, node: Node, op: Of<'gather'>): Value {
  const [data, indices] = node.inputs;
  if (data === undefined || indices === undefined) throw new TypeError('gather lacks an input');
  const simple = node.shape.length === 4 && indices.shape.length === 1;
  const layout = simple ? naturalLayout(c, [data]) : 'logical';
  const axis = simple ? (axesIn(layout, data, [op.axis])[0] ?? 0) : op.axis;
  const inputs = [c.get(data, layout), c.get(indices)];
  return c.put(node, layout, c.graph.op('Gather', inputs, { axis: int(axis) }));
}

/** Images stay as convolutions want them; what is in another layout is left there. */
function naturalLayout(c: Context, inputs: readonly Node[]): Permuted {
  for (const input of inputs) {
    if (input.shape.length !== 4) return 'logical';
    const layout = c.layoutOf(input);
    if (layout !== 'logical') return layout === 'major' ? 'channels' : layout;
  }
  return 'channels';
}

/** Where logical axes are in memory. */
function axesIn(layout: Permuted, node: Node, axes: readonly number[]): number[] {
  if (node.shape.length !== 4) return [...axes];
  return axes.map((axis) => permutationOf(layout).indexOf(axis));
}

function only(node: Node): Node {
  return at(node.inputs, 0);
}
