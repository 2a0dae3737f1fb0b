import type { Builder } from '../ir/builder.js';
import type { ElementType, Node } from '../ir/types.js';

/** Kernels whose result tf.js stores as what it was given: the sinh of a whole number is cut off to one. */
const keepType: ReadonlySet<string> = new Set([
  ...['Acos', 'Acosh', 'Asin', 'Asinh', 'Atan', 'Atanh', 'BatchMatMul', 'Expm1', 'Log1p'],
  ...['Reciprocal', 'Round', 'Selu', 'Sinh', 'Softplus', 'UnsortedSegmentSum'],
]);

/** Kernels that give floating-point numbers, or truths, of any. */
const ofFloats: ReadonlySet<string> = new Set([
  ...keepType,
  ...['Exp', 'IsFinite', 'IsInf', 'IsNan', 'LeakyRelu', 'LogSoftmax', 'ResizeBilinear'],
]);

/** Kernels that take truths for 0 and 1. */
const ofNumbers: ReadonlySet<string> = new Set([
  ...['Abs', 'Add', 'AddN', 'ArgMax', 'ArgMin', 'ClipByValue', 'Cumsum', 'FloorDiv', 'Greater'],
  ...['GreaterEqual', 'Less', 'LessEqual', 'Maximum', 'Minimum', 'Mod', 'Multiply', 'Neg'],
  ...['Relu', 'Relu6', 'Sign', 'Square', 'SquaredDifference', 'Step', 'Sub'],
]);

/**
 * Has a kernel that the library knows for some types of numbers only computed for others, too.
 * @param record with inputs of a type that it knows
 */
export function withWholes(
  kernel: string,
  b: Builder,
  inputs: ReadonlyMap<string, Node>,
  record: (inputs: ReadonlyMap<string, Node>) => Node | Node[],
): Node | Node[] {
  const types = new Set([...inputs.values()].map(({ dtype }) => dtype));
  const as = (type: ElementType): ReadonlyMap<string, Node> =>
    new Map([...inputs].map(([name, node]) => [name, b.cast(node, type)]));
  if (ofNumbers.has(kernel) && types.has('bool')) return record(as('int32'));
  const [first] = types;
  if (!ofFloats.has(kernel) || types.size !== 1 || first === 'float32') return record(inputs);
  const result = record(as('float32'));
  if (first === undefined || !keepType.has(kernel)) return result;
  const stored = (node: Node): Node => b.cast(toWhole(b, node), first);
  return Array.isArray(result) ? result.map(stored) : stored(result);
}

/** Numbers cut off to whole ones as tf.js does it: what is none, or too large, is 0. */
export function toWhole(b: Builder, x: Node): Node {
  if (x.dtype !== 'float32') return b.cast(x, 'int32');
  const known = b.compare('Less', b.unary('Abs', x), b.splat(2 ** 31));
  return b.cast(b.select(known, x, b.splat(0)), 'int32');
}
