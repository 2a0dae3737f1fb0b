import { util } from '@tensorflow/tfjs-core';
import type {
  BroadCastToAttrs,
  ConcatAttrs,
  ExpandDimsAttrs,
  PackAttrs,
  ReshapeAttrs,
  TileAttrs,
  TransposeAttrs,
} from '@tensorflow/tfjs-core';
import { at, leftPad, sizeOf } from '../../ir/shape.js';
import { kernel } from '../register.js';

kernel('Identity', (_, i) => i.get('x'));

kernel<ReshapeAttrs>('Reshape', (b, i, { shape }) => {
  const x = i.get('x');
  return b.reshape(x, util.inferFromImplicitShape(shape, sizeOf(x.shape)));
});

kernel<ExpandDimsAttrs>('ExpandDims', (b, i, { dim }) => {
  const x = i.get('input');
  const shape = [...x.shape];
  shape.splice(dim < 0 ? dim + shape.length + 1 : dim, 0, 1);
  return b.reshape(x, shape);
});

kernel<TransposeAttrs>('Transpose', (b, i, { perm }) => b.transpose(i.get('x'), perm));

kernel<ConcatAttrs>('Concat', (b, i, { axis }) => {
  const parts = i.all();
  const along = util.parseAxisParam(axis, [...(parts[0]?.shape ?? [])])[0] ?? 0;
  const filled = parts.filter((part) => sizeOf(part.shape) > 0);
  if (filled.length > 0) return b.concat(filled, along);
  const [{ shape, dtype } = i.get('0')] = parts;
  const side = parts.reduce((sum, part) => sum + at(part.shape, along), 0);
  return b.splat(0, shape.with(along, side), dtype);
});

kernel<PackAttrs>('Pack', (b, i, { axis }) => {
  const rows = i.all().map((part) => {
    const shape = [...part.shape];
    shape.splice(axis < 0 ? axis + shape.length + 1 : axis, 0, 1);
    return b.reshape(part, shape);
  });
  return b.concat(rows, axis < 0 ? axis + (rows[0]?.shape.length ?? 0) : axis);
});

kernel<TileAttrs>('Tile', (b, i, { reps }) => b.tile(i.get('x'), reps));

kernel<BroadCastToAttrs>('BroadcastTo', (b, i, { shape }) => {
  const x = i.get('x');
  return b.broadcast(b.reshape(x, leftPad(x.shape, shape.length)), shape);
});
