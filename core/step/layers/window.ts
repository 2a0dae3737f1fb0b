import { badLayerOption } from '../../errors/layer.js';
import type { Layer } from './layer.js';

/** One number for both axes, or one for each: [height, width]. */
export type PerAxis = number | readonly [number, number];

/**
 * What stands beside the signal where a kernel reaches over its edges. `same`: zeros on both sides,
 * so that the output is as long as the input (divided by the stride, rounded up); `causal`: as many
 * zeros, all before, so that no output depends on what follows; `valid`: the kernel stays inside.
 */
export type Padding = 'same' | 'valid' | 'causal';

/** How a kernel moves along one axis. */
export interface AxisWindow {
  readonly kernel: number;
  readonly stride: number;
  readonly dilation: number;
  /** Zeros before and after the signal. */
  readonly before: number;
  readonly after: number;
  /** Size of the output. */
  readonly size: number;
}

/**
 * How a kernel moves along an axis: TensorFlow's rules for `same` and `valid`.
 * @param size of the input
 * @throws NcnError where an option is no positive whole number, or the kernel does not fit
 */
export function axisWindow(
  layer: Layer,
  size: number,
  given: { readonly kernel: number; readonly stride: number; readonly dilation: number },
  pad: Padding,
): AxisWindow {
  const kernel = layer.count('kernel', given.kernel);
  const stride = layer.count('stride', given.stride);
  const dilation = layer.count('dilation', given.dilation);
  const reach = (kernel - 1) * dilation + 1;
  const move = { kernel, stride, dilation };
  if (pad === 'valid') {
    const positions = Math.floor((size - reach) / stride) + 1;
    if (positions > 0) return { ...move, before: 0, after: 0, size: positions };
    throw badLayerOption(
      layer,
      `a kernel that reaches over ${reach} does not fit into ${size}`,
      "With pad: 'same' zeros stand around the signal.",
    );
  }
  const positions = Math.ceil(size / stride);
  if (pad === 'causal') return { ...move, before: reach - 1, after: 0, size: positions };
  const zeros = Math.max(0, (positions - 1) * stride + reach - size);
  const before = Math.floor(zeros / 2);
  return { ...move, before, after: zeros - before, size: positions };
}

/**
 * The size of a transposed convolution's output along an axis: by default `stride` times the input
 * (and what the kernel reaches over, with `valid`); another one where a convolution of it gives the
 * input's size.
 * @throws NcnError where no convolution does
 */
export function grownSize(
  layer: Layer,
  size: number,
  { kernel, stride }: { readonly kernel: number; readonly stride: number },
  pad: 'same' | 'valid',
  wanted: number | undefined,
): number {
  layer.count('kernel', kernel);
  layer.count('stride', stride);
  if (wanted === undefined) {
    return pad === 'same' ? size * stride : size * stride + Math.max(kernel - stride, 0);
  }
  const least = pad === 'same' ? (size - 1) * stride + 1 : (size - 1) * stride + kernel;
  const most = least + stride - 1;
  if (Number.isInteger(wanted) && wanted >= least && wanted <= most) return wanted;
  const sizes = least === most ? `only ${least}` : `${least} to ${most}`;
  throw badLayerOption(
    layer,
    `'outputSize' is ${wanted}, but from ${size}, with stride ${stride} and pad '${pad}', ${sizes} can be had`,
  );
}

/** The two numbers of a pair. */
export function both(pair: PerAxis): readonly [number, number] {
  return typeof pair === 'number' ? [pair, pair] : pair;
}
