import type { backend_util } from '@tensorflow/tfjs-core';

/**
 * How far the last windows of a convolution or pooling reach beyond the image, below it and beside it; negative where
 * they end before.
 */
export function reachBeyond(info: backend_util.Conv2DInfo): readonly [number, number] {
  const { top, left } = info.padInfo;
  const reach = (outputs: number, stride: number, taps: number, dilation: number): number =>
    (outputs - 1) * stride + (taps - 1) * dilation + 1;
  return [
    reach(info.outHeight, info.strideHeight, info.filterHeight, info.dilationHeight) -
      info.inHeight -
      top,
    reach(info.outWidth, info.strideWidth, info.filterWidth, info.dilationWidth) -
      info.inWidth -
      left,
  ];
}
