import { backend_util } from '@tensorflow/tfjs-core';
import type { AvgPoolAttrs, MaxPoolAttrs } from '@tensorflow/tfjs-core';
import { four } from '../../ir/shape.js';
import type { Node, Window } from '../../ir/types.js';
import { offsetsOf, padded, putAll, take } from '../offsets.js';
import { kernel } from '../register.js';
import { windowOf } from '../window.js';

kernel<MaxPoolAttrs>('MaxPool', (b, i, a) => {
  const { window, outShape } = geometry(i.get('x'), a);
  return b.pool('Max', i.get('x'), window, outShape);
});

kernel<AvgPoolAttrs>('AvgPool', (b, i, a) => {
  const { window, outShape } = geometry(i.get('x'), a);
  return b.pool('Average', i.get('x'), window, outShape);
});

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

// As tf.js does, padding counts as if it were pixels here (though not in the forward pass).
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
