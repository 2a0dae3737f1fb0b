import type { FillAttrs, LinSpaceAttrs, OneHotAttrs, RangeAttrs } from '@tensorflow/tfjs-core';
import { unsupportedKernel } from '../../../errors/compiled.js';
import { range } from '../../ir/shape.js';
import { kernel } from '../register.js';

kernel('ZerosLike', (b, i) => b.splat(0, i.get('x').shape, i.get('x').dtype));
kernel('OnesLike', (b, i) => b.splat(1, i.get('x').shape, i.get('x').dtype));

kernel<FillAttrs>('Fill', (b, _, { shape, value, dtype }) => {
  if (typeof value === 'string') throw unsupportedKernel('Fill', undefined, 'with a string');
  return b.splat(value, shape, dtype === 'int32' || dtype === 'bool' ? dtype : 'float32');
});

kernel<RangeAttrs>('Range', (b, _, { start, stop, step, dtype }) => {
  // Without a step it may count down, too.
  const by = step === 1 && stop < start ? -1 : step;
  const count = Math.max(0, Math.ceil((stop - start) / by));
  const values = range(count).map((k) => start + k * by);
  return dtype === 'int32'
    ? b.constant(Int32Array.from(values), [count], 'int32')
    : b.constant(Float32Array.from(values), [count], 'float32');
});

kernel<LinSpaceAttrs>('LinSpace', (b, _, { start, stop, num }) => {
  const step = num > 1 ? (stop - start) / (num - 1) : 0;
  const values = Float32Array.from(range(num), (k) => start + k * step);
  return b.constant(values, [num], 'float32');
});

kernel<OneHotAttrs>('OneHot', (b, i, { depth, onValue, offValue, dtype }) => {
  const indices = b.cast(i.get('indices'), 'int32');
  const classes = b.indices(range(depth));
  const hit = b.compare('Equal', b.reshape(indices, [...indices.shape, 1]), classes);
  const type = dtype === 'int32' || dtype === 'bool' ? dtype : 'float32';
  const chosen = b.select(hit, b.splat(onValue), b.splat(offValue));
  return b.cast(chosen, type);
});
