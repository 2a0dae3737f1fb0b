import { backend_util, slice_util, sumOutType, util } from '@tensorflow/tfjs-core';
import type {
  BatchMatMulAttrs,
  ConcatAttrs,
  Conv2DAttrs,
  Conv2DBackpropFilterAttrs,
  Conv2DBackpropInputAttrs,
  DataType,
  DepthwiseConv2dNativeAttrs,
  MaxAttrs,
  NamedTensorInfoMap,
  PackAttrs,
  PadV2Attrs,
  SliceAttrs,
  SumAttrs,
  TensorInfo,
  TransposeAttrs,
} from '@tensorflow/tfjs-core';

/** Shape and type of what a kernel gives. */
export interface Given {
  readonly shape: readonly number[];
  readonly dtype: DataType;
}

/** What a kernel gives for such inputs, or throws where they do not fit, as the kernel would. */
export type Rule<Attributes = never> = (
  inputs: NamedTensorInfoMap,
  attributes: Attributes,
) => Given;

function input(inputs: NamedTensorInfoMap, name: string): TensorInfo {
  const tensor = inputs[name];
  if (tensor === undefined) throw new TypeError(`a kernel lacks its input '${name}'`);
  return tensor;
}

const all = (inputs: NamedTensorInfoMap): TensorInfo[] =>
  Object.values(inputs).flatMap((tensor) => tensor ?? []);

const like =
  (name: string): Rule<unknown> =>
  (inputs) => {
    const { shape, dtype } = input(inputs, name);
    return { shape, dtype };
  };

const broadcast =
  (type?: DataType): Rule<unknown> =>
  (inputs) => {
    const [a, b] = [input(inputs, 'a'), input(inputs, 'b')];
    const shape = backend_util.assertAndGetBroadcastShape(a.shape, b.shape);
    return { shape, dtype: type ?? a.dtype };
  };

const reduced =
  (type: (dtype: DataType) => DataType): Rule<SumAttrs> =>
  (inputs, { axis, keepDims }) => {
    const { shape, dtype } = input(inputs, 'x');
    const axes = util.parseAxisParam(axis, shape);
    const [rest] = backend_util.computeOutAndReduceShapes(shape, axes);
    const kept = keepDims ? backend_util.expandShapeToKeepDim(rest, axes) : rest;
    return { shape: kept, dtype: type(dtype) };
  };

const product: Rule<BatchMatMulAttrs> = (inputs, { transposeA, transposeB }) => {
  const [a, b] = [input(inputs, 'a').shape, input(inputs, 'b').shape];
  const [rows, inner] = transposeA ? [a.at(-1), a.at(-2)] : [a.at(-2), a.at(-1)];
  const [other, columns] = transposeB ? [b.at(-1), b.at(-2)] : [b.at(-2), b.at(-1)];
  util.assert(
    inner === other,
    () =>
      `Error in matMul: inner shapes (${inner}) and (${other}) of Tensors with shapes ${a.join()} and ${b.join()} and transposeA=${transposeA} and transposeB=${transposeB} must match.`,
  );
  const batch = backend_util.assertAndGetBroadcastShape(a.slice(0, -2), b.slice(0, -2));
  return { shape: [...batch, rows ?? 1, columns ?? 1], dtype: 'float32' };
};

const concat: Rule<ConcatAttrs> = (inputs, { axis }) => {
  const tensors = all(inputs);
  const shapes = tensors.map(({ shape }) => shape);
  const [at = 0] = util.parseAxisParam(axis, shapes[0] ?? []);
  backend_util.assertParamsConsistent(shapes, at);
  const shape = backend_util.computeOutShape(shapes, at);
  return { shape, dtype: tensors[0]?.dtype ?? 'float32' };
};

const pack: Rule<PackAttrs> = (inputs, { axis }) => {
  const [first, ...others] = all(inputs);
  const shape = [...(first?.shape ?? [])];
  for (const other of others) {
    util.assertShapesMatch(
      shape,
      other.shape,
      'All tensors passed to stack must have matching shapes',
    );
  }
  shape.splice(axis < 0 ? shape.length + 1 + axis : axis, 0, others.length + 1);
  return { shape, dtype: first?.dtype ?? 'float32' };
};

const slice: Rule<SliceAttrs> = (inputs, { begin, size }) => {
  const x = input(inputs, 'x');
  const [from = [], shape = []] = slice_util.parseSliceParams(x, begin, size);
  slice_util.assertParamsValid(x, from, shape);
  return { shape, dtype: x.dtype };
};

const pad: Rule<PadV2Attrs> = (inputs, { paddings }) => {
  const { shape, dtype } = input(inputs, 'x');
  const wide = shape.map((side, i) => side + (paddings[i]?.[0] ?? 0) + (paddings[i]?.[1] ?? 0));
  return { shape: wide, dtype };
};

const transpose: Rule<TransposeAttrs> = (inputs, { perm }) => {
  const { shape, dtype } = input(inputs, 'x');
  return { shape: perm.map((axis) => shape[axis] ?? 1), dtype };
};

const convolution =
  (depthwise: boolean): Rule<Conv2DAttrs | DepthwiseConv2dNativeAttrs> =>
  (inputs, { strides, pad: pads, dilations, dimRoundingMode, ...rest }) => {
    const [x, filter] = [input(inputs, 'x').shape, input(inputs, 'filter').shape];
    const format = 'dataFormat' in rest && rest.dataFormat === 'NCHW' ? 'channelsFirst' : undefined;
    const { outShape } = backend_util.computeConv2DInfo(
      x as Four,
      filter as Four,
      strides,
      dilations,
      pads,
      dimRoundingMode,
      depthwise,
      format,
    );
    return { shape: outShape, dtype: 'float32' };
  };

/** tf.js has checked the rank of what it convolves. */
type Four = [number, number, number, number];

const back: Rule<Conv2DBackpropInputAttrs> = (_, { inputShape }) => ({
  shape: inputShape,
  dtype: 'float32',
});

const filterBack: Rule<Conv2DBackpropFilterAttrs> = (_, { filterShape }) => ({
  shape: filterShape,
  dtype: 'float32',
});

const unary = [
  ...['Abs', 'Acos', 'Asin', 'Atan', 'Ceil', 'ClipByValue', 'Cos', 'Cosh', 'Elu', 'Erf', 'Exp'],
  ...['Expm1', 'Floor', 'Log', 'Log1p', 'Neg', 'Reciprocal', 'Relu', 'Relu6', 'Round', 'Rsqrt'],
  ...['Selu', 'Sigmoid', 'Sign', 'Sin', 'Sinh', 'Softplus', 'Sqrt', 'Square', 'Step', 'Tan'],
  ...['Tanh', 'LeakyRelu', 'Prelu', 'Cumsum'],
];
const binary = ['Add', 'Sub', 'Multiply', 'RealDiv', 'Maximum', 'Minimum', 'Pow'];
const comparisons = ['Equal', 'Greater', 'GreaterEqual', 'Less', 'LessEqual', 'NotEqual'];
const same = (dtype: DataType): DataType => dtype;

/** Those of tf.js's kernels that are common and take time on large tensors. */
export const rules: ReadonlyMap<string, Rule> = new Map<string, Rule>([
  ...unary.map((name): [string, Rule] => [name, like('x')]),
  ...[...binary, 'SquaredDifference'].map((name): [string, Rule] => [name, broadcast()]),
  ...comparisons.map((name): [string, Rule] => [name, broadcast('bool')]),
  ['EluGrad', like('dy')],
  ['Sum', reduced(sumOutType)],
  ['Mean', reduced(() => 'float32')],
  [
    'Max',
    (inputs, { reductionIndices, keepDims }: MaxAttrs) =>
      reduced(same)(inputs, { axis: reductionIndices, keepDims }),
  ],
  ['Min', reduced(same)],
  ['BatchMatMul', product],
  ['Concat', concat],
  ['Pack', pack],
  ['Slice', slice],
  ['PadV2', pad],
  ['Transpose', transpose],
  ['Conv2D', convolution(false)],
  ['DepthwiseConv2dNative', convolution(true)],
  // That of a transposed convolution, too.
  ['Conv2DBackpropInput', back],
  ['Conv2DBackpropFilter', filterBack],
]);
