/** Element types of the intermediate representation, named as tf.js names them. */
export type ElementType = 'float32' | 'int32' | 'bool';

export type Values = Float32Array | Int32Array | Uint8Array;

/** Functions that tf.js and ONNX have under the same name. */
export const sameInBoth = [
  'Abs',
  'Acos',
  'Acosh',
  'Asin',
  'Asinh',
  'Atan',
  'Atanh',
  'Ceil',
  'Cos',
  'Cosh',
  'Erf',
  'Exp',
  'Floor',
  'Log',
  'Neg',
  'Reciprocal',
  'Round',
  'Sign',
  'Sin',
  'Sinh',
  'Sqrt',
  'Tan',
] as const;

export type UnaryFunction =
  | (typeof sameInBoth)[number]
  | 'Elu'
  | 'IsInf'
  | 'IsNaN'
  | 'Not'
  | 'Relu'
  | 'Rsqrt'
  | 'Sigmoid'
  | 'Softplus'
  | 'Square'
  | 'Tanh';

export type BinaryFunction =
  | 'Add'
  | 'Sub'
  | 'Mul'
  | 'Div'
  | 'Max'
  | 'Min'
  | 'Pow'
  /** Remainder with the sign of what is divided. */
  | 'Mod'
  /** dy · (y > 0 ? 1 : y + 1), of which y = Elu(x). */
  | 'EluGrad';

export type Comparison =
  'Equal' | 'Greater' | 'GreaterOrEqual' | 'Less' | 'LessOrEqual' | 'And' | 'Or' | 'Xor';

export type Reduction = 'Sum' | 'Mean' | 'Max' | 'Min' | 'Prod';

/** Geometry of a 2-D convolution or pooling over [batch, height, width, channels]. */
export interface Window {
  readonly kernel: readonly [number, number];
  readonly strides: readonly [number, number];
  readonly dilations: readonly [number, number];
  /** top, left, bottom, right */
  readonly pads: readonly [number, number, number, number];
}

/** What a node computes from its inputs; shapes and types are the node's. */
export type Operation =
  | {
      readonly kind: 'input';
      readonly role: 'state' | 'input' | 'scalar';
      readonly name: string;
    }
  | { readonly kind: 'constant'; readonly values: Values; readonly key: string }
  /** A constant whose values are all the same. */
  | { readonly kind: 'splat'; readonly value: number }
  | { readonly kind: 'unary'; readonly f: UnaryFunction }
  | { readonly kind: 'clip'; readonly low: number; readonly high: number }
  | { readonly kind: 'leaky'; readonly slope: number }
  | { readonly kind: 'binary'; readonly f: BinaryFunction }
  | { readonly kind: 'compare'; readonly f: Comparison }
  /** condition, then, else: broadcast against each other. */
  | { readonly kind: 'select' }
  | { readonly kind: 'cast' }
  | { readonly kind: 'reshape' }
  | { readonly kind: 'broadcast' }
  | { readonly kind: 'transpose'; readonly perm: readonly number[] }
  | { readonly kind: 'concat'; readonly axis: number }
  | {
      readonly kind: 'slice';
      readonly begin: readonly number[];
      /** May be −1 past the start for a negative stride. */
      readonly end: readonly number[];
      readonly strides: readonly number[];
    }
  | {
      readonly kind: 'pad';
      readonly before: readonly number[];
      readonly after: readonly number[];
      readonly value: number;
    }
  | { readonly kind: 'tile'; readonly reps: readonly number[] }
  /** data, indices (int32): takes slices of data along the axis. */
  | { readonly kind: 'gather'; readonly axis: number }
  | { readonly kind: 'reduce'; readonly f: Reduction; readonly axes: readonly number[] }
  | { readonly kind: 'arg'; readonly f: 'Max' | 'Min'; readonly axis: number }
  /** The greatest along the last axis, in their order, or where they are (int32). */
  | { readonly kind: 'topk'; readonly part: 'values' | 'indices'; readonly count: number }
  | {
      readonly kind: 'cumsum';
      readonly axis: number;
      readonly exclusive: boolean;
      readonly reverse: boolean;
    }
  /** Rank 2, or any rank ≥ 3 with broadcast leading dimensions. */
  | {
      readonly kind: 'matmul';
      readonly transposeA: boolean;
      readonly transposeB: boolean;
      /** By what the product is multiplied, where a third matrix is added: after `share` times it. */
      readonly factor?: number;
      readonly share?: number;
    }
  /** x, filter [kh, kw, in, out] */
  | { readonly kind: 'conv'; readonly window: Window }
  /** dy, filter → x */
  | { readonly kind: 'convInput'; readonly window: Window }
  /** x, dy → filter */
  | { readonly kind: 'convFilter'; readonly window: Window }
  /** x, filter [kh, kw, in, multiplier] → channels in · multiplier */
  | { readonly kind: 'depthwise'; readonly window: Window }
  | { readonly kind: 'pool'; readonly f: 'Max' | 'Average'; readonly window: Window };

export interface Node {
  readonly id: number;
  readonly op: Operation;
  readonly inputs: readonly Node[];
  readonly shape: readonly number[];
  readonly dtype: ElementType;
  /** Equal keys compute equal values. */
  readonly key: string;
  /** The tf.js operation that it comes from, for messages. */
  readonly source: string;
  /** The plugin whose code was running, where that is known. */
  readonly contributor?: string | undefined;
  /** The part of the training step that it belongs to: `generator/conv1`. */
  readonly scope: string;
}

/** A recorded program. */
export interface Recording {
  /** In an order in which inputs come before their users. */
  readonly nodes: readonly Node[];
  readonly state: ReadonlyMap<string, Node>;
  readonly outputs: ReadonlyMap<string, Node>;
}
