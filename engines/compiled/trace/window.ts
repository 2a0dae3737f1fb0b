import { backend_util, type Conv2DAttrs } from '@tensorflow/tfjs-core';
import { currentContributor } from '../../../core/attribution/contributor.js';
import { unsupportedKernel } from '../../errors/compiled.js';
import { reachBeyond } from '../../../core/engine/window-reach.js';
import { four } from '../ir/shape.js';
import type { Window } from '../ir/types.js';

export type Geometry = Pick<Conv2DAttrs, 'strides' | 'pad' | 'dimRoundingMode'> & {
  readonly dilations?: Conv2DAttrs['dilations'];
};

/** What tf.js computes of a convolution, also a depthwise one. */
export function geometryOf(
  x: readonly number[],
  filter: readonly number[],
  { strides, pad, dilations, dimRoundingMode }: Geometry,
  depthwise = false,
): backend_util.Conv2DInfo {
  return backend_util.computeConv2DInfo(
    four(x),
    four(filter),
    strides,
    dilations ?? 1,
    pad,
    dimRoundingMode,
    depthwise,
  );
}

/**
 * The geometry that tf.js computed, as the intermediate representation has it.
 * @throws NcnError where fewer windows are wanted than there is room for: tf.js takes the kernel's height for its width
 * where padding is a number
 */
export function windowOf(info: backend_util.Conv2DInfo): Window {
  const { top, left, bottom, right } = info.padInfo;
  const [below, beside] = reachBeyond(info);
  const few = bottom - below >= info.strideHeight || right - beside >= info.strideWidth;
  if (few) {
    const kernel = `a kernel of ${info.filterHeight}×${info.filterWidth}`;
    throw unsupportedKernel(
      'conv2d or pool',
      currentContributor(),
      `padding as a number, and ${kernel}`,
    );
  }
  return {
    kernel: [info.filterHeight, info.filterWidth],
    strides: [info.strideHeight, info.strideWidth],
    dilations: [info.dilationHeight, info.dilationWidth],
    // More than tf.js says where it rounds the number of windows up.
    pads: [top, left, Math.max(bottom, below), Math.max(right, beside)],
  };
}
