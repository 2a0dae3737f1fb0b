import { backend_util, slice_util, util } from '@tensorflow/tfjs-core';
import type {
  GatherV2Attrs,
  MirrorPadAttrs,
  PadV2Attrs,
  ReverseAttrs,
  SliceAttrs,
  SplitVAttrs,
  StridedSliceAttrs,
  UnpackAttrs,
} from '@tensorflow/tfjs-core';
import { unsupportedKernel } from '../../../errors/compiled.js';
import type { Builder } from '../../ir/builder.js';
import { at, range } from '../../ir/shape.js';
import type { Node } from '../../ir/types.js';
import { kernel } from '../register.js';

kernel<SliceAttrs>('Slice', (b, i, { begin, size }) => {
  const x = i.get('x');
  const shaped = { shape: [...x.shape], rank: x.shape.length };
  const [from = [], sides = []] = slice_util.parseSliceParams(shaped as never, begin, size);
  return b.slice(x, from, sides);
});

kernel<StridedSliceAttrs>('StridedSlice', (b, i, a) => {
  const x = i.get('x');
  const info = slice_util.sliceInfo(
    [...x.shape],
    a.begin,
    a.end,
    a.strides,
    a.beginMask,
    a.endMask,
    a.ellipsisMask,
    a.newAxisMask,
    a.shrinkAxisMask,
  );
  const dense = slice_util.computeOutShape(info.begin, info.end, info.strides);
  return b.reshape(b.slice(x, info.begin, dense, info.strides), info.finalShape);
});

kernel<SplitVAttrs>('SplitV', (b, i, { numOrSizeSplits, axis }) => {
  const x = i.get('x');
  const along = util.parseAxisParam(axis, [...x.shape])[0] ?? 0;
  const sizes = backend_util.prepareSplitSize(
    { shape: [...x.shape] } as never,
    numOrSizeSplits,
    along,
  );
  let from = 0;
  return sizes.map((size) => {
    const part = partOf(b, x, along, from, size);
    from += size;
    return part;
  });
});

kernel<UnpackAttrs>('Unpack', (b, i, { axis }) => {
  const x = i.get('value');
  const along = axis < 0 ? axis + x.shape.length : axis;
  const rest = x.shape.filter((_, k) => k !== along);
  return range(at(x.shape, along)).map((k) => b.reshape(partOf(b, x, along, k, 1), rest));
});

kernel<ReverseAttrs>('Reverse', (b, i, { dims }) => {
  const x = i.get('x');
  const axes = util.parseAxisParam(dims, [...x.shape]);
  const begin = x.shape.map((side, k) => (axes.includes(k) ? side - 1 : 0));
  const strides = x.shape.map((_, k) => (axes.includes(k) ? -1 : 1));
  return b.slice(x, begin, x.shape, strides);
});

kernel<PadV2Attrs>('PadV2', (b, i, { paddings, constantValue }) => {
  const [before, after] = [paddings.map(([n]) => n), paddings.map(([, n]) => n)];
  return b.pad(i.get('x'), before, after, constantValue);
});

kernel<MirrorPadAttrs>('MirrorPad', (b, i, { paddings, mode }) => {
  const skip = mode === 'reflect' ? 1 : 0;
  return paddings.reduce((x, [before, after], axis) => {
    const side = at(x.shape, axis);
    const left = range(before).map((k) => before - 1 - k + skip);
    const right = range(after).map((k) => side - 1 - k - skip);
    if (left.length + right.length === 0) return x;
    return b.gather(x, b.indices([...left, ...range(side), ...right]), axis);
  }, i.get('x'));
});

kernel<GatherV2Attrs>('GatherV2', (b, i, { axis, batchDims }) => {
  const x = i.get('x');
  if (batchDims !== 0) throw unsupportedKernel('GatherV2', undefined, 'with batch dimensions');
  const along = util.parseAxisParam(axis, [...x.shape])[0] ?? 0;
  const indices = b.cast(i.get('indices'), 'int32');
  if (isKnown(i.get('indices'))) return b.gather(x, indices, along);
  // The library counts negative ones from the end, where tf.js has nothing: beyond the end both say so.
  const isBefore = b.compare('Less', indices, b.splat(0, [], 'int32'));
  const beyond = b.splat(at(x.shape, along), [], 'int32');
  return b.gather(x, b.select(isBefore, beyond, indices), along);
});

/** Whether these are indices of which none is negative. */
function isKnown({ op }: Node): boolean {
  if (op.kind === 'splat') return op.value >= 0;
  return op.kind === 'constant' && op.values.every((value) => value >= 0);
}

function partOf(b: Builder, x: Node, axis: number, from: number, size: number): Node {
  const begin = x.shape.map((_, k) => (k === axis ? from : 0));
  return b.slice(
    x,
    begin,
    x.shape.map((side, k) => (k === axis ? size : side)),
  );
}
