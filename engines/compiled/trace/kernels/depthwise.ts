import type {
  DepthwiseConv2dNativeAttrs,
  DepthwiseConv2dNativeBackpropFilterAttrs,
  DepthwiseConv2dNativeBackpropInputAttrs,
  FusedDepthwiseConv2DAttrs,
} from '@tensorflow/tfjs-core';
import type { Builder } from '../../ir/builder.js';
import { at } from '../../ir/shape.js';
import type { Node } from '../../ir/types.js';
import { finish } from '../fused.js';
import { offsetsOf, padded, put, take } from '../offsets.js';
import { kernel } from '../register.js';
import { geometryOf, windowOf, type Geometry } from '../window.js';

kernel<DepthwiseConv2dNativeAttrs>('DepthwiseConv2dNative', (b, i, a) =>
  forward(b, i.get('x'), i.get('filter'), a),
);

kernel<FusedDepthwiseConv2DAttrs>('FusedDepthwiseConv2D', (b, i, a) =>
  finish(b, forward(b, i.get('x'), i.get('filter'), a), i, a),
);

kernel<DepthwiseConv2dNativeBackpropInputAttrs>('DepthwiseConv2dNativeBackpropInput', (b, i, a) => {
  const [dy, filter] = [i.get('dy'), i.get('filter')];
  const window = windowOf(geometryOf(a.inputShape, filter.shape, a, true));
  const [channels, multiplier] = [at(filter.shape, 2), at(filter.shape, 3)];
  const split = b.reshape(dy, [...dy.shape.slice(0, 3), channels, multiplier]);
  return offsetsOf(window)
    .map(([row, column]) => {
      const weights = b.slice(filter, [row, column, 0, 0], [1, 1, channels, multiplier]);
      const product = b.mul(split, b.reshape(weights, [1, 1, 1, channels, multiplier]));
      return put(b, b.reduce('Sum', product, [4]), window, [row, column], a.inputShape);
    })
    .reduce((sum, part) => b.add(sum, part));
});

kernel<DepthwiseConv2dNativeBackpropFilterAttrs>(
  'DepthwiseConv2dNativeBackpropFilter',
  (b, i, a) => {
    const [x, dy] = [i.get('x'), i.get('dy')];
    const window = windowOf(geometryOf(x.shape, a.filterShape, a, true));
    const [, , channels, multiplier] = a.filterShape;
    const split = b.reshape(dy, [...dy.shape.slice(0, 3), channels, multiplier]);
    const wide = padded(b, x, window, dy.shape, 0);
    const rows = offsetsOf(window).map((offset) => {
      const values = take(b, wide, window, offset, dy.shape);
      const product = b.mul(b.reshape(values, [...values.shape, 1]), split);
      return b.reshape(b.reduce('Sum', product, [0, 1, 2]), [1, channels, multiplier]);
    });
    return b.reshape(b.concat(rows, 0), a.filterShape);
  },
);

function forward(b: Builder, x: Node, filter: Node, a: Geometry): Node {
  const info = geometryOf(x.shape, filter.shape, a, true);
  return b.depthwise(x, filter, windowOf(info), info.outShape);
}
