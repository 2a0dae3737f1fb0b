import { splatOf } from '../ir/graph.js';
import { at, sameShape, sizeOf } from '../ir/shape.js';
import {
  sameInBoth,
  type BinaryFunction,
  type Comparison,
  type Node,
  type Operation,
  type UnaryFunction,
} from '../ir/types.js';
import { float, int } from '../onnx/attributes.js';
import type { Value } from '../onnx/graph.js';
import type { Context } from './context.js';
import { physicalShape, type Permuted } from './layout.js';

type Of<K extends Operation['kind']> = Extract<Operation, { kind: K }>;

/** Functions that are one ONNX operator of the same meaning. */
const oneOperator: ReadonlySet<UnaryFunction> = new Set<UnaryFunction>([
  ...sameInBoth,
  'IsInf',
  'IsNaN',
  'Not',
  'Relu',
  'Softplus',
  'Tanh',
]);

const binaryOperators: Partial<Record<BinaryFunction, string>> = {
  Add: 'Add',
  Sub: 'Sub',
  Mul: 'Mul',
  Div: 'Div',
  Max: 'Max',
  Min: 'Min',
  Pow: 'Pow',
};

const comparisonOperators: Record<Comparison, string> = {
  Equal: 'Equal',
  Greater: 'Greater',
  GreaterOrEqual: 'GreaterOrEqual',
  Less: 'Less',
  LessOrEqual: 'LessOrEqual',
  And: 'And',
  Or: 'Or',
  Xor: 'Xor',
};

/** The least of what element-wise functions need, so that a body inside a graph can use them too. */
export interface Emitter {
  /** Prefers one standard operator to several that are faster on the CPU. */
  readonly portable: boolean;
  op(
    operator: string,
    inputs: readonly Value[],
    attributes?: Record<string, ReturnType<typeof float>>,
  ): Value;
  scalar(value: number): Value;
}

export function unaryFunction(g: Emitter, f: UnaryFunction, x: Value): Value {
  if (f === 'Square') return g.op('Mul', [x, x]);
  if (f === 'Rsqrt') return g.op('Reciprocal', [g.op('Sqrt', [x])]);
  if (f === 'Sigmoid') {
    // Not the operator Sigmoid: ONNX Runtime's is exact to 6e-8 of 1 only, and 0 from −18 down, so
    // that the logarithm of what a discriminator says of a bad image would be noise.
    const power = g.op('Exp', [g.op('Neg', [x])]);
    return g.op('Reciprocal', [g.op('Add', [power, g.scalar(1)])]);
  }
  if (f === 'Elu' && g.portable) return g.op('Elu', [x]);
  if (f === 'Elu') {
    // Faster than the operator Elu. exp(min(x, 0)) − 1 ≤ 0 where x ≤ 0, and 0 elsewhere.
    const power = g.op('Exp', [g.op('Clip', [x, g.scalar(-100), g.scalar(0)])]);
    return g.op('Max', [x, g.op('Sub', [power, g.scalar(1)])]);
  }
  if (!oneOperator.has(f)) throw new TypeError(`no ONNX operator for ${f}`);
  return g.op(f, [x]);
}

export function binaryFunction(g: Emitter, f: BinaryFunction, a: Value, b: Value): Value {
  if (f === 'EluGrad') {
    // y + 1 clipped to 0 … 1 is the derivative, whichever side of zero y is on.
    const slope = g.op('HardSigmoid', [b], { alpha: float(1), beta: float(1) });
    return g.op('Mul', [a, slope]);
  }
  if (f === 'Mod') return g.op('Mod', [a, b], { fmod: int(1) });
  const operator = binaryOperators[f];
  if (operator === undefined) throw new TypeError(`no ONNX operator for ${f}`);
  return g.op(operator, [a, b]);
}

export function lowerUnary(c: Context, node: Node, op: Of<'unary'>): Value {
  const layout = c.elementwiseLayout(node);
  const [x] = operands(c, node, layout);
  return c.put(node, layout, unaryFunction(c.graph, op.f, x ?? ''));
}

export function lowerBinary(c: Context, node: Node, op: Of<'binary'>): Value {
  const layout = c.elementwiseLayout(node);
  const root = op.f === 'Pow' ? lowerRoot(c, node, layout) : undefined;
  if (root !== undefined) return root;
  const [a = '', b = ''] = operands(c, node, layout);
  if (!endsInOne(node, layout)) {
    return c.put(node, layout, binaryFunction(c.graph, op.f, a, b));
  }
  const [flatA = '', flatB = ''] = [a, b].map((value, i) =>
    isSingle(at(node.inputs, i)) ? value : c.reshape(value, [sizeOf(node.shape)]),
  );
  const result = binaryFunction(c.graph, op.f, flatA, flatB);
  return c.put(node, layout, c.reshape(result, physicalShape(node.shape, layout)));
}

/** Elements from which the library's way with a side of 1 at the end costs more than two reshapes. */
const manyElements = 2048;

const isSingle = (node: Node): boolean => splatOf(node) !== undefined || node.shape.length === 0;

/** Of an image and a single number, where the library would take the image element by element. */
function endsInOne(node: Node, layout: Permuted): boolean {
  if (physicalShape(node.shape, layout).at(-1) !== 1 || sizeOf(node.shape) < manyElements) {
    return false;
  }
  const images = node.inputs.filter((input) => !isSingle(input));
  return images.length === 1 && images.every((image) => sameShape(image.shape, node.shape));
}

/** Exponents from here on are left to the library. */
const largePower = 2;

/**
 * x to a constant power that is no integer, by exponential and logarithm: the library's Pow takes one
 * number at a time. Powers of one image share its logarithm; of exponents beyond 1, whose rounding error
 * would show, only the rest is computed so.
 */
function lowerRoot(c: Context, node: Node, layout: Permuted): Value | undefined {
  const [x, exponent] = [at(node.inputs, 0), splatOf(at(node.inputs, 1))];
  if (exponent === undefined || splatOf(x) !== undefined || c.options.portable === true) {
    return undefined;
  }
  if (Number.isInteger(exponent) || Math.abs(exponent) >= largePower) return undefined;
  if (node.dtype !== 'float32' || !sameShape(x.shape, node.shape)) return undefined;
  const logarithm = c.shared(`logarithm ${x.id} ${layout}`, () =>
    c.graph.op('Log', [c.operand(x, node.shape.length, layout)]),
  );
  const whole = Math.trunc(exponent);
  const product = c.graph.op('Mul', [logarithm, c.graph.scalar(exponent - whole)]);
  const power = c.graph.op('Exp', [product]);
  if (whole === 0) return c.put(node, layout, power);
  const image = c.operand(x, node.shape.length, layout);
  return c.put(node, layout, c.graph.op(whole > 0 ? 'Mul' : 'Div', [power, image]));
}

export function lowerCompare(c: Context, node: Node, op: Of<'compare'>): Value {
  const layout = c.elementwiseLayout(node);
  return c.put(node, layout, c.graph.op(comparisonOperators[op.f], operands(c, node, layout)));
}

export function lowerSelect(c: Context, node: Node): Value {
  const layout = c.elementwiseLayout(node);
  const inputs = operands(c, node, layout);
  if (node.dtype !== 'bool') {
    return c.put(node, layout, c.graph.op('Where', inputs));
  }
  // Where does not choose between truths.
  const [condition = '', ...truths] = inputs;
  const numbers = truths.map((t) => c.graph.op('Cast', [t], { to: int(6) }));
  const chosen = c.graph.op('Where', [condition, ...numbers]);
  return c.put(node, layout, c.graph.op('Cast', [chosen], { to: int(9) }));
}

export function lowerClip(c: Context, node: Node, op: Of<'clip'>): Value {
  const layout = c.elementwiseLayout(node);
  const bounds = [c.graph.scalar(op.low, node.dtype), c.graph.scalar(op.high, node.dtype)];
  return c.put(node, layout, c.graph.op('Clip', [...operands(c, node, layout), ...bounds]));
}

export function lowerLeaky(c: Context, node: Node, op: Of<'leaky'>): Value {
  const layout = c.elementwiseLayout(node);
  const attributes = { alpha: float(op.slope) };
  return c.put(node, layout, c.graph.op('LeakyRelu', operands(c, node, layout), attributes));
}

export function lowerCast(c: Context, node: Node): Value {
  const to = { float32: 1, int32: 6, bool: 9 }[node.dtype];
  const layout = c.elementwiseLayout(node);
  return c.put(node, layout, c.graph.op('Cast', operands(c, node, layout), { to: int(to) }));
}

/** Constants become scalars only where another operand gives the result its shape. */
function operands(c: Context, node: Node, layout: Permuted): Value[] {
  const full = node.inputs.some(
    (input) => sameShape(input.shape, node.shape) && splatOf(input) === undefined,
  );
  return node.inputs.map((input) => {
    const value = splatOf(input);
    if (value !== undefined && full) return c.graph.scalar(value, input.dtype);
    return c.operand(input, node.shape.length, layout);
  });
}
