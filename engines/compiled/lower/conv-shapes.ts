import { at, four } from '../ir/shape.js';
import type { Node, Window } from '../ir/types.js';
import type { Value } from '../onnx/graph.js';
import type { Layout } from './layout.js';

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
