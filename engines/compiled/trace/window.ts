import type { backend_util } from '@tensorflow/tfjs-core';
import type { Window } from '../ir/types.js';

/** The geometry that tf.js computed, as the intermediate representation has it. */
export function windowOf(info: backend_util.Conv2DInfo): Window {
  const { top, left, bottom, right } = info.padInfo;
  return {
    kernel: [info.filterHeight, info.filterWidth],
    strides: [info.strideHeight, info.strideWidth],
    dilations: [info.dilationHeight, info.dilationWidth],
    pads: [top, left, bottom, right],
  };
}
