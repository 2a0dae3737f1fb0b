import type {
  Conv2DAttrs,
  Conv2DBackpropFilterAttrs,
  Conv2DBackpropInputAttrs,
  FusedConv2DAttrs,
} from '@tensorflow/tfjs-core';
import { currentContributor } from '../../../../core/attribution/contributor.js';
import { unsupportedKernel } from '../../../errors/compiled.js';
import type { Builder } from '../../ir/builder.js';
import type { Node } from '../../ir/types.js';
import { finish } from '../fused.js';
import { kernel } from '../register.js';
import { geometryOf, windowOf, type Geometry } from '../window.js';

kernel<Conv2DAttrs>('Conv2D', (b, i, a) => {
  channelsLast('Conv2D', a.dataFormat);
  return forward(b, i.get('x'), i.get('filter'), a);
});

kernel<FusedConv2DAttrs>('FusedConv2D', (b, i, a) => {
  channelsLast('FusedConv2D', a.dataFormat);
  return finish(b, forward(b, i.get('x'), i.get('filter'), a), i, a);
});

kernel<Conv2DBackpropInputAttrs>('Conv2DBackpropInput', (b, i, a) => {
  channelsLast('Conv2DBackpropInput', a.dataFormat);
  const info = geometryOf(a.inputShape, i.get('filter').shape, a);
  return b.convInput(i.get('dy'), i.get('filter'), windowOf(info), a.inputShape);
});

kernel<Conv2DBackpropFilterAttrs>('Conv2DBackpropFilter', (b, i, a) => {
  channelsLast('Conv2DBackpropFilter', a.dataFormat);
  const info = geometryOf(i.get('x').shape, a.filterShape, a);
  return b.convFilter(i.get('x'), i.get('dy'), windowOf(info), a.filterShape);
});

function forward(b: Builder, x: Node, filter: Node, a: Geometry): Node {
  const info = geometryOf(x.shape, filter.shape, a);
  return b.conv(x, filter, windowOf(info), info.outShape);
}

function channelsLast(name: string, format: string | undefined): void {
  if (format === undefined || format === 'NHWC') return;
  throw unsupportedKernel(name, currentContributor(), `with the data format ${format}`);
}
