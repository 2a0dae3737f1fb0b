import { at, pick, range, sameShape, sizeOf } from '../ir/shape.js';
import type { Node, Operation, Reduction } from '../ir/types.js';
import { float, int, ints } from '../onnx/attributes.js';
import type { Value } from '../onnx/graph.js';
import type { Context } from './context.js';
import { permutationOf, physicalShape } from './layout.js';

type Of<K extends Operation['kind']> = Extract<Operation, { kind: K }>;
type Operator = `Reduce${Reduction}` | 'ReduceSumSquare';

export function lowerReduce(c: Context, node: Node, op: Of<'reduce'>): Value {
  const input = at(node.inputs, 0);
  const square = fusedSquare(c, input, op.f);
  const source = square ?? input;
  const layout = c.layoutOf(source) === 'major' ? 'channels' : c.layoutOf(source);
  const order = source.shape.length === 4 ? permutationOf(layout) : range(source.shape.length);
  const axes = op.axes.map((axis) => order.indexOf(axis)).sort((a, b) => a - b);
  const physical = physicalShape(source.shape, layout);
  const operator: Operator = square === undefined ? `Reduce${op.f}` : 'ReduceSumSquare';
  let value = reduceInSteps(c, operator, c.get(source, layout), physical, axes);
  if (square !== undefined && op.f === 'Mean') {
    const count = sizeOf(pick(source.shape, op.axes));
    value = c.graph.op('Mul', [value, c.graph.scalar(1 / count)]);
  }
  const left = order.filter((axis) => !op.axes.includes(axis));
  const sorted = [...left].sort((a, b) => a - b);
  if (!sameShape(left, sorted)) {
    value = c.transpose(
      value,
      sorted.map((axis) => left.indexOf(axis)),
    );
  }
  return c.put(node, 'logical', value);
}

/** x, where the input is x² and nobody else needs it. */
function fusedSquare(c: Context, input: Node, f: Reduction): Node | undefined {
  if (f !== 'Sum' && f !== 'Mean') return undefined;
  if (input.op.kind !== 'unary' || input.op.f !== 'Square' || input.dtype !== 'float32') {
    return undefined;
  }
  return c.isLowered(input) ? undefined : input.inputs[0];
}

/** Per channel over images: first inside each image, then over the batch, is faster. */
function reduceInSteps(
  c: Context,
  operator: Operator,
  value: Value,
  shape: readonly number[],
  axes: readonly number[],
): Value {
  if (shape.length === 4 && sameShape(axes, [0, 1, 2]) && operator !== 'ReduceSumSquare') {
    // [height, width, batch, channels]
    return reduceOnce(c, operator, reduceOnce(c, operator, value, [0, 1]), [0]);
  }
  const perChannel = shape.length === 4 && sameShape(axes, [0, 2, 3]);
  const worth = perChannel && at(shape, 0) > 1 && at(shape, 2) * at(shape, 3) > 1;
  if (!worth) return reduceOnce(c, operator, value, axes);
  const inside = reduceOnce(c, operator, value, [2, 3]);
  const outer = operator === 'ReduceSumSquare' ? 'ReduceSum' : operator;
  return reduceOnce(c, outer, inside, [0]);
}

function reduceOnce(c: Context, operator: Operator, value: Value, axes: readonly number[]): Value {
  // In this operator set only ReduceSum takes its axes as an input.
  return operator === 'ReduceSum'
    ? c.graph.op(operator, [value, c.graph.integers(axes)], { keepdims: int(0) })
    : c.graph.op(operator, [value], { axes: ints(axes), keepdims: int(0) });
}

export function lowerArg(c: Context, node: Node, op: Of<'arg'>): Value {
  const attributes = { axis: int(op.axis), keepdims: int(0) };
  const input = at(node.inputs, 0);
  const index = c.graph.op(`Arg${op.f}`, [c.get(input)], attributes);
  return c.put(node, 'logical', c.graph.op('Cast', [index], { to: int(6) }));
}

/** One operator for both parts. Of equal values the first comes first, as in tf.js. */
export function lowerTopk(c: Context, node: Node, op: Of<'topk'>): Value {
  const input = at(node.inputs, 0);
  const name = c.shared(`topk ${input.id} ${op.count}`, () => {
    const fresh = c.graph.fresh('TopK');
    const outputs = [`${fresh}:values`, `${fresh}:indices`];
    c.graph.named('TopK', [c.get(input), c.graph.integers([op.count])], outputs);
    return fresh;
  });
  const part = `${name}:${op.part}`;
  const value = op.part === 'values' ? part : c.graph.op('Cast', [part], { to: int(6) });
  return c.put(node, 'logical', value);
}

export function lowerCumsum(c: Context, node: Node, op: Of<'cumsum'>): Value {
  const axis = c.graph.tensor(Int32Array.of(op.axis), [], 'int32');
  const attributes = { exclusive: int(Number(op.exclusive)), reverse: int(Number(op.reverse)) };
  return c.put(
    node,
    'logical',
    c.graph.op('CumSum', [c.get(at(node.inputs, 0)), axis], attributes),
  );
}

export function lowerMatmul(c: Context, node: Node, op: Of<'matmul'>): Value {
  const [a, b] = [c.get(at(node.inputs, 0)), c.get(at(node.inputs, 1))];
  if (node.shape.length === 2) {
    const attributes = {
      ...{ transA: int(Number(op.transposeA)), transB: int(Number(op.transposeB)) },
      ...(op.factor === undefined ? {} : { alpha: float(op.factor) }),
      ...(op.share === undefined ? {} : { beta: float(op.share) }),
    };
    const added = node.inputs.slice(2).map((more) => c.get(more));
    return c.put(node, 'logical', c.graph.op('Gemm', [a, b, ...added], attributes));
  }
  const flip = (value: Value, input: Node, wanted: boolean): Value => {
    const axes = range(input.shape.length);
    const last = axes.length - 1;
    return wanted ? c.transpose(value, [...axes.slice(0, -2), last, last - 1]) : value;
  };
  const left = flip(a, at(node.inputs, 0), op.transposeA);
  const right = flip(b, at(node.inputs, 1), op.transposeB);
  return c.put(node, 'logical', c.graph.op('MatMul', [left, right]));
}
