import type {
  BatchToSpaceNDAttrs,
  DepthToSpaceAttrs,
  FusedBatchNormAttrs,
  UnsortedSegmentSumAttrs,
} from '@tensorflow/tfjs-core';
import { unsupportedKernel } from '../../../errors/compiled.js';
import { at, four, range, sizeOf } from '../../ir/shape.js';
import { kernel } from '../register.js';

kernel<FusedBatchNormAttrs>('FusedBatchNorm', (b, i, { varianceEpsilon }) => {
  const [x, mean, variance] = [i.get('x'), i.get('mean'), i.get('variance')];
  const inverse = b.unary('Rsqrt', b.add(variance, b.splat(varianceEpsilon)));
  const scale = i.optional('scale');
  const slope = scale === undefined ? inverse : b.mul(inverse, scale);
  const scaled = b.mul(b.sub(x, mean), slope);
  const offset = i.optional('offset');
  return offset === undefined ? scaled : b.add(scaled, offset);
});

kernel<UnsortedSegmentSumAttrs>('UnsortedSegmentSum', (b, i, { numSegments }) => {
  const [x, ids] = [i.get('x'), i.get('segmentIds')];
  const count = at(x.shape, 0);
  const segments = b.reshape(b.indices(range(numSegments)), [numSegments, 1]);
  const member = b.compare('Equal', segments, b.cast(b.reshape(ids, [1, count]), 'int32'));
  const rest = x.shape.slice(1);
  const sums = b.matmul(b.cast(member, 'float32'), b.reshape(x, [count, sizeOf(rest)]));
  return b.reshape(sums, [numSegments, ...rest]);
});

kernel<DepthToSpaceAttrs>('DepthToSpace', (b, i, { blockSize: n, dataFormat }) => {
  if (dataFormat !== 'NHWC') throw unsupportedKernel('DepthToSpace', undefined, dataFormat);
  const [batch, height, width, channels] = four(i.get('x').shape);
  const depth = channels / (n * n);
  const split = b.reshape(i.get('x'), [batch, height, width, n, n, depth]);
  return b.reshape(b.transpose(split, [0, 1, 3, 2, 4, 5]), [batch, height * n, width * n, depth]);
});

kernel<BatchToSpaceNDAttrs>('BatchToSpaceND', (b, i, { blockShape, crops }) => {
  const x = i.get('x');
  const blocks = blockShape.length;
  const batch = at(x.shape, 0) / sizeOf(blockShape);
  const split = b.reshape(x, [...blockShape, batch, ...x.shape.slice(1)]);
  const spatial = range(blocks).flatMap((k) => [blocks + 1 + k, k]);
  const rest = range(x.shape.length - 1 - blocks).map((k) => 2 * blocks + 1 + k);
  const merged = x.shape.slice(1).map((side, k) => (k < blocks ? side * at(blockShape, k) : side));
  const whole = b.reshape(b.transpose(split, [blocks, ...spatial, ...rest]), [batch, ...merged]);
  const cut = (k: number, end: number): number => crops[k]?.[end] ?? 0;
  return b.slice(
    whole,
    [0, ...merged.map((_, k) => cut(k, 0))],
    [batch, ...merged.map((side, k) => side - cut(k, 0) - cut(k, 1))],
  );
});

kernel<{ blockShape: number[]; paddings: number[][] }>(
  'SpaceToBatchND',
  (b, i, { blockShape, paddings }) => {
    const blocks = blockShape.length;
    const pads = (end: number): number[] =>
      range(i.get('x').shape.length).map((k) => paddings[k - 1]?.[end] ?? 0);
    const x = b.pad(i.get('x'), pads(0), pads(1));
    const batch = at(x.shape, 0);
    const split = range(blocks).flatMap((k) => [
      at(x.shape, k + 1) / at(blockShape, k),
      at(blockShape, k),
    ]);
    const rest = x.shape.slice(1 + blocks);
    const shaped = b.reshape(x, [batch, ...split, ...rest]);
    const inside = range(blocks).map((k) => 2 + 2 * k);
    const outside = range(blocks).map((k) => 1 + 2 * k);
    const tail = range(rest.length).map((k) => 2 * blocks + 1 + k);
    const spatial = outside.map((k) => at(shaped.shape, k));
    return b.reshape(b.transpose(shaped, [...inside, 0, ...outside, ...tail]), [
      batch * sizeOf(blockShape),
      ...spatial,
      ...rest,
    ]);
  },
);
