import { backend_util } from '@tensorflow/tfjs-core';
import type { AvgPoolAttrs, MaxPoolAttrs } from '@tensorflow/tfjs-core';
import { currentContributor } from '../../../../core/attribution/contributor.js';
import { unsupportedKernel } from '../../../errors/compiled.js';
import { four } from '../../ir/shape.js';
import type { Node, Window } from '../../ir/types.js';
import { offsetsOf, padded, putAll, take } from '../offsets.js';
import { kernel } from '../register.js';
import { windowOf } from '../window.js';

kernel<MaxPoolAttrs>('MaxPool', (b, i, a) => {
  const { window, outShape } = geometry(i.get('x'), a);
  if (fits(window)) return b.pool('Max', i.get('x'), window, outShape);
  const wide = padded(b, i.get('x'), window, outShape, -Infinity);
  return b.pool('Max', wide, { ...window, pads: [0, 0, 0, 0] }, outShape);
});

kernel<AvgPoolAttrs>('AvgPool', (b, i, a) => {
  const { window, outShape } = geometry(i.get('x'), a);
  if (fits(window)) return b.pool('Average', i.get('x'), window, outShape);
  throw unsupportedKernel('AvgPool', currentContributor(), 'more padding than its window is large');
});

/** Whether each window has a pixel: the library takes no others. */
function fits({ kernel: [height, width], pads: [top, left, bottom, right] }: Window): boolean {
  return Math.max(top, bottom) < height && Math.max(left, right) < width;
}

// The gradient goes to the first of equal greatest values, as in tf.js.
kernel<MaxPoolAttrs>('MaxPoolGrad', (b, i, a) => {
  const [dy, x, y] = [i.get('dy'), i.get('input'), i.get('output')];
  const { window, outShape } = geometry(x, a);
  const wide = padded(b, x, window, outShape, -3.4028234663852886e38);
  let free: Node | undefined;
  const parts = offsetsOf(window).map((offset) => {
    const greatest = b.compare('Equal', take(b, wide, window, offset, outShape), y);
    const first: Node = free === undefined ? greatest : b.compare('And', greatest, free);
    const taken = b.unary('Not', greatest);
    free = free === undefined ? taken : b.compare('And', free, taken);
    return b.select(first, dy, b.splat(0));
  });
  return putAll(b, parts, window, x.shape);
});

// As in tf.js, padding counts as if it were pixels here; core/step/edge-gradients.ts knows.
kernel<AvgPoolAttrs>('AvgPoolGrad', (b, i, a) => {
  const [dy, x] = [i.get('dy'), i.get('input')];
  const { window } = geometry(x, a);
  const [height, width] = window.kernel;
  const share = b.mul(dy, b.splat(1 / (height * width)));
  const parts = offsetsOf(window).map(() => share);
  return putAll(b, parts, window, x.shape);
});

function geometry(
  x: Node,
  { filterSize, strides, pad, dimRoundingMode }: MaxPoolAttrs,
): { window: Window; outShape: number[] } {
  const info = backend_util.computePool2DInfo(
    four(x.shape),
    filterSize,
    strides,
    1,
    pad,
    dimRoundingMode,
  );
  return { window: windowOf(info), outShape: info.outShape };
}
