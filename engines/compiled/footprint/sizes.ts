import { at, range, sizeOf } from '../ir/shape.js';
import { dataTypes, type NodeMessage } from '../onnx/messages.js';

/** What is known of a value before anything is computed. */
export interface Known {
  readonly shape: readonly number[];
  /** `TensorProto.DataType` */
  readonly type: number;
  /** Its numbers, where it is a list of integers that is known. */
  readonly integers?: readonly number[];
}

const bytesOf: Readonly<Record<number, number>> = {
  [dataTypes.float32]: 4,
  [dataTypes.int32]: 4,
  [dataTypes.int64]: 8,
  [dataTypes.bool]: 1,
};

export const bytesIn = ({ shape, type }: Known): number => sizeOf(shape) * (bytesOf[type] ?? 4);

/** Attributes of a node. */
class Attributes {
  constructor(private readonly node: NodeMessage) {}

  int(name: string, otherwise: number): number {
    return this.of(name)?.i ?? otherwise;
  }

  ints(name: string): readonly number[] | undefined {
    return this.of(name)?.ints;
  }

  private of(name: string) {
    return this.node.attribute?.find((attribute) => attribute.name === name);
  }
}

/** Gives the outputs of a node from its inputs. */
type Rule = (inputs: readonly Known[], attributes: Attributes, outputs: number) => Known[];

const broadcastTwo = (a: readonly number[], b: readonly number[]): number[] => {
  const rank = Math.max(a.length, b.length);
  return range(rank).map((axis) => {
    const [p, q] = [a.at(axis - rank) ?? 1, b.at(axis - rank) ?? 1];
    return p === 1 ? q : p;
  });
};

const broadcastAll = (inputs: readonly Known[]): number[] =>
  inputs.map(({ shape }) => [...shape]).reduce(broadcastTwo, []);

const one = (shape: readonly number[], type: number): Known[] => [{ shape, type }];

const typeOf = (inputs: readonly Known[]): number => inputs[0]?.type ?? dataTypes.float32;

const arithmetic =
  (f?: (a: number, b: number) => number): Rule =>
  (inputs) => {
    const shape = broadcastAll(inputs);
    const type = typeOf(inputs);
    const [a, b] = inputs.map(({ integers }) => integers);
    if (f === undefined || a === undefined || b === undefined) return [{ shape, type }];
    const count = Math.max(a.length, b.length);
    const integers = range(count).map((i) => f(at(a, i % a.length), at(b, i % b.length)));
    return [{ shape, type, integers }];
  };

const truth: Rule = (inputs) => one(broadcastAll(inputs), dataTypes.bool);

const product =
  (left: string, right: string): Rule =>
  ([a, b], attributes) => {
    const flip = (shape: readonly number[], name: string): number[] => {
      const [rows, columns] = [shape.at(-2) ?? 1, shape.at(-1) ?? 1];
      const outer = shape.slice(0, -2);
      return attributes.int(name, 0) === 0 ? [...outer, rows, columns] : [...outer, columns, rows];
    };
    const [p, q] = [flip(a?.shape ?? [], left), flip(b?.shape ?? [], right)];
    const outer = broadcastTwo(p.slice(0, -2), q.slice(0, -2));
    return one([...outer, at(p, p.length - 2), at(q, q.length - 1)], dataTypes.float32);
  };

const reshape: Rule = (inputs) => {
  const [from = [], wanted] = [inputs[0]?.shape, inputs[1]?.integers];
  if (wanted === undefined) return one(from, typeOf(inputs));
  const rest = sizeOf(from) / Math.max(1, sizeOf(wanted.filter((side) => side !== -1)));
  return one(
    wanted.map((side) => (side === -1 ? rest : side)),
    typeOf(inputs),
  );
};

const reduce: Rule = (inputs, attributes) => {
  const shape = inputs[0]?.shape ?? [];
  const axes = inputs[1]?.integers ?? attributes.ints('axes') ?? range(shape.length);
  const reduced = axes.map((axis) => (axis < 0 ? axis + shape.length : axis));
  const keep = attributes.int('keepdims', 1) === 1;
  const left = shape.flatMap((side, axis) => (reduced.includes(axis) ? (keep ? [1] : []) : [side]));
  return one(left, typeOf(inputs));
};

const concat: Rule = (inputs, attributes) => {
  const shape = [...(inputs[0]?.shape ?? [])];
  const axis = attributes.int('axis', 0);
  const where = axis < 0 ? axis + shape.length : axis;
  shape[where] = inputs.reduce((sum, input) => sum + (input.shape[where] ?? 1), 0);
  return one(shape, typeOf(inputs));
};

const split: Rule = (inputs, attributes, outputs) => {
  const [whole, sizes] = inputs;
  const shape = whole?.shape ?? [];
  const axis = attributes.int('axis', 0);
  const total = shape[axis] ?? 1;
  let from = 0;
  return range(outputs).map((i) => {
    const size = sizes?.integers?.[i] ?? Math.ceil(total / outputs);
    const integers = whole?.integers?.slice(from, from + size);
    from += size;
    const part = shape.map((side, j) => (j === axis ? size : side));
    return { shape: part, type: typeOf(inputs), ...(integers === undefined ? {} : { integers }) };
  });
};

const slice: Rule = (inputs) => {
  const [data, starts, ends, axes, steps] = inputs;
  const shape = [...(data?.shape ?? [])];
  starts?.integers?.forEach((start, i) => {
    const axis = axes?.integers?.[i] ?? i;
    const [side, step] = [shape[axis] ?? 1, steps?.integers?.[i] ?? 1];
    const bound = (n: number, low: number): number =>
      Math.min(side, Math.max(low, n < 0 ? n + side : n));
    const end = ends?.integers?.[i] ?? side;
    const distance =
      step > 0 ? bound(end, 0) - bound(start, 0) : Math.min(start, side - 1) - bound(end, -1);
    shape[axis] = Math.max(0, Math.ceil(distance / Math.abs(step)));
  });
  return one(shape, typeOf(inputs));
};

const pad: Rule = (inputs) => {
  const [data, pads] = inputs;
  const rank = data?.shape.length ?? 0;
  const shape = (data?.shape ?? []).map(
    (side, i) => side + (pads?.integers?.[i] ?? 0) + (pads?.integers?.[i + rank] ?? 0),
  );
  return one(shape, typeOf(inputs));
};

const gather: Rule = (inputs, attributes) => {
  const [data, indices] = inputs;
  const shape = data?.shape ?? [];
  const axis = attributes.int('axis', 0);
  const where = axis < 0 ? axis + shape.length : axis;
  return one(
    [...shape.slice(0, where), ...(indices?.shape ?? []), ...shape.slice(where + 1)],
    typeOf(inputs),
  );
};

/** Sides of an image after a window has gone over it. */
function sides(image: readonly number[], kernel: readonly number[], node: Attributes): number[] {
  const count = kernel.length;
  const [pads = [], strides = [], dilations = []] = ['pads', 'strides', 'dilations'].map((name) =>
    node.ints(name),
  );
  return kernel.map((taps, i) => {
    const padded = (image[i + 2] ?? 1) + (pads[i] ?? 0) + (pads[i + count] ?? 0);
    return Math.floor((padded - (taps - 1) * (dilations[i] ?? 1) - 1) / (strides[i] ?? 1)) + 1;
  });
}

const convolution: Rule = ([x, filter], attributes) => {
  const [image, weights] = [x?.shape ?? [], filter?.shape ?? []];
  const kernel = attributes.ints('kernel_shape') ?? weights.slice(2);
  return one(
    [image[0] ?? 1, weights[0] ?? 1, ...sides(image, kernel, attributes)],
    dataTypes.float32,
  );
};

const pooling: Rule = ([x], attributes) => {
  const image = x?.shape ?? [];
  const kernel = attributes.ints('kernel_shape') ?? [];
  return one([...image.slice(0, 2), ...sides(image, kernel, attributes)], dataTypes.float32);
};

const transposedConvolution: Rule = ([x, filter], attributes) => {
  const [image, weights] = [x?.shape ?? [], filter?.shape ?? []];
  const kernel = attributes.ints('kernel_shape') ?? weights.slice(2);
  const [pads = [], strides = [], more = []] = ['pads', 'strides', 'output_padding'].map((name) =>
    attributes.ints(name),
  );
  const wide = kernel.map((taps, i) => {
    const cut = (pads[i] ?? 0) + (pads[i + kernel.length] ?? 0);
    return ((image[i + 2] ?? 1) - 1) * (strides[i] ?? 1) + taps - cut + (more[i] ?? 0);
  });
  const channels = (weights[1] ?? 1) * attributes.int('group', 1);
  const given = attributes.ints('output_shape')?.slice(-kernel.length);
  return one([image[0] ?? 1, channels, ...(given ?? wide)], dataTypes.float32);
};

const rules: Readonly<Record<string, Rule>> = {
  Add: arithmetic((a, b) => a + b),
  Mul: arithmetic((a, b) => a * b),
  MatMul: product('', ''),
  FusedMatMul: product('transA', 'transB'),
  Gemm: product('transA', 'transB'),
  Reshape: reshape,
  Expand: (inputs) =>
    one(broadcastTwo(inputs[0]?.shape ?? [], inputs[1]?.integers ?? []), typeOf(inputs)),
  Transpose: (inputs, attributes) => {
    const shape = inputs[0]?.shape ?? [];
    const perm = attributes.ints('perm') ?? range(shape.length).reverse();
    return one(
      perm.map((axis) => shape[axis] ?? 1),
      typeOf(inputs),
    );
  },
  Concat: concat,
  Split: split,
  Slice: slice,
  Pad: pad,
  Gather: gather,
  Tile: (inputs) =>
    one(
      (inputs[0]?.shape ?? []).map((side, i) => side * (inputs[1]?.integers?.[i] ?? 1)),
      typeOf(inputs),
    ),
  Shape: (inputs, attributes) => {
    const shape = inputs[0]?.shape ?? [];
    const integers = shape.slice(attributes.int('start', 0), attributes.int('end', shape.length));
    return [{ shape: [integers.length], type: dataTypes.int64, integers }];
  },
  Cast: (inputs, attributes) =>
    one(inputs[0]?.shape ?? [], attributes.int('to', dataTypes.float32)),
  Where: (inputs) => one(broadcastAll(inputs), inputs[1]?.type ?? dataTypes.float32),
  Conv: convolution,
  ConvTranspose: transposedConvolution,
  MaxPool: pooling,
  AveragePool: pooling,
  ArgMax: (inputs, attributes) => one(reduceAxis(inputs, attributes), dataTypes.int64),
  ArgMin: (inputs, attributes) => one(reduceAxis(inputs, attributes), dataTypes.int64),
  TopK: (inputs) => {
    const shape = [...(inputs[0]?.shape ?? []).slice(0, -1), inputs[1]?.integers?.[0] ?? 1];
    return [...one(shape, typeOf(inputs)), ...one(shape, dataTypes.int64)];
  },
  CumSum: (inputs) => one(inputs[0]?.shape ?? [], typeOf(inputs)),
  BatchNormalization: (inputs) => one(inputs[0]?.shape ?? [], typeOf(inputs)),
  LeakyRelu: (inputs) => one(inputs[0]?.shape ?? [], typeOf(inputs)),
  ...Object.fromEntries(
    [
      'Equal',
      'Greater',
      'GreaterOrEqual',
      'Less',
      'LessOrEqual',
      'And',
      'Or',
      'Xor',
      'Not',
      'IsNaN',
      'IsInf',
    ].map((name) => [name, truth]),
  ),
  ...Object.fromEntries(
    ['Sum', 'Mean', 'Max', 'Min', 'Prod', 'SumSquare'].map((name) => [`Reduce${name}`, reduce]),
  ),
};

function reduceAxis(inputs: readonly Known[], attributes: Attributes): number[] {
  const axis = attributes.int('axis', 0);
  return (inputs[0]?.shape ?? []).filter((_, i) => i !== axis);
}

/**
 * What a node gives. An operator without a rule of its own counts as one that works element by
 * element.
 */
export function outputsOf(node: NodeMessage, inputs: readonly Known[]): Known[] {
  const rule = rules[node.opType ?? ''] ?? arithmetic();
  return rule(inputs, new Attributes(node), node.output?.length ?? 1);
}
