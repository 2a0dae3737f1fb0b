import { at, four } from '../ir/shape.js';
import type { Node, Window } from '../ir/types.js';
import type { Value } from '../onnx/graph.js';
import type { Layout } from './layout.js';
import type { LoweringOptions } from './options.js';

/** A value and how it lies. */
export type Placed = readonly [Layout, Value];

/** A convolution's parts, named. */
export interface ConvolutionShapes {
  readonly x: readonly [number, number, number, number];
  readonly y: readonly [number, number, number, number];
  readonly window: Window;
}

/** The shapes of a convolution or of one of its gradients. */
export function shapesOf({ op, inputs, shape }: Node): ConvolutionShapes | undefined {
  switch (op.kind) {
    case 'conv':
      return { x: four(at(inputs, 0).shape), y: four(shape), window: op.window };
    case 'convInput':
      return { x: four(shape), y: four(at(inputs, 0).shape), window: op.window };
    case 'convFilter':
      return { x: four(at(inputs, 0).shape), y: four(at(inputs, 1).shape), window: op.window };
    default:
      return undefined;
  }
}

/** Whether the kernel covers the whole input, so that the convolution is one matrix product. */
export function isDense({ x, window }: ConvolutionShapes): boolean {
  return (
    window.pads.every((pad) => pad === 0) &&
    window.dilations.every((d) => d === 1) &&
    x[1] === window.kernel[0] &&
    x[2] === window.kernel[1]
  );
}

/** Channels from which the layout `spatial` is worth its while: products with fewer are too small. */
export const manyChannels = 48;

/** Neither strides nor dilation. */
export function isSimple({ strides, dilations }: Window): boolean {
  return [...strides, ...dilations].every((n) => n === 1);
}

/** Stride 1 and padding less than the kernel: the gradient is an ordinary convolution. */
export function isPlain(window: Window): boolean {
  return isSimple(window) && window.pads.every((pad, i) => pad < at(window.kernel, i % 2));
}

/** How many more numbers must be copied than added for that to pay, on two threads as on one. */
const scatterGain = 1.75;

type Side = ConvolutionShapes['x'];

/**
 * Whether a plain convolution is faster as a transposed one: what each position gives to the windows
 * that it is in is computed and added up, where the library would copy each window first.
 */
export function suitsScattering(
  { portable }: LoweringOptions,
  from: Side,
  to: Side,
  window: Window,
): boolean {
  const copied = to[1] * to[2] * from[3];
  const added = from[1] * from[2] * to[3];
  return portable !== true && isPlain(window) && copied >= scatterGain * added;
}
