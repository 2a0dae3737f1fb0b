import { util } from '@tensorflow/tfjs-core';
import type { NamedTensorInfoMap, TensorInfo } from '@tensorflow/tfjs-core';

/** What a kernel was called with, and the shape of what it gives. */
interface Call {
  readonly inputs: NamedTensorInfoMap;
  readonly attributes: object;
  readonly output: readonly number[];
}

const size = (shape: readonly number[]): number => util.sizeFromShape([...shape]);

const shapeOf = ({ inputs }: Call, name: string): readonly number[] => inputs[name]?.shape ?? [];

/** Taps of a filter [height, width, in, out] for each number of the larger side's values. */
const taps = (filter: readonly number[], axes: number): number => size(filter.slice(0, axes));

const product = (call: Call): number => {
  const a = shapeOf(call, 'a');
  const inner = Reflect.get(call.attributes, 'transposeA') === true ? a.at(-2) : a.at(-1);
  return size(call.output) * (inner ?? 1);
};

const convolution = (call: Call): number => size(call.output) * taps(shapeOf(call, 'filter'), 3);

const depthwise = (call: Call): number => size(call.output) * taps(shapeOf(call, 'filter'), 2);

/** Each letter is an axis; every combination of them is multiplied and added. */
const einsum = ({ inputs, attributes }: Call): number => {
  const equation: unknown = Reflect.get(attributes, 'equation');
  const [left = ''] = String(equation).replace(/\s/g, '').split('->');
  const sides = new Map<string, number>();
  const tensors = Object.values(inputs).flatMap((tensor) => tensor ?? []);
  left.split(',').forEach((term, i) => {
    Array.from(term).forEach((letter, axis) => {
      sides.set(letter, tensors[i]?.shape[axis] ?? 1);
    });
  });
  return size([...sides.values()]);
};

const work: Readonly<Record<string, (call: Call) => number>> = {
  BatchMatMul: product,
  _FusedMatMul: product,
  Conv2D: convolution,
  FusedConv2D: convolution,
  Conv3D: (call) => size(call.output) * taps(shapeOf(call, 'filter'), 4),
  // A transposed convolution, too.
  Conv2DBackpropInput: (call) => size(shapeOf(call, 'dy')) * taps(shapeOf(call, 'filter'), 3),
  Conv2DBackpropFilter: (call) => size(shapeOf(call, 'dy')) * taps(call.output, 3),
  DepthwiseConv2dNative: depthwise,
  FusedDepthwiseConv2D: depthwise,
  Einsum: einsum,
};

/** Multiply-adds of one call of a tf.js kernel; 0 for those that convolve and contract nothing. */
export function multiplyAddsOf(
  kernel: string,
  inputs: NamedTensorInfoMap,
  attributes: object,
  result: TensorInfo | readonly TensorInfo[],
): number {
  const [first] = [result].flat();
  return work[kernel]?.({ inputs, attributes, output: first?.shape ?? [] }) ?? 0;
}
