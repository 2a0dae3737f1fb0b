import { util } from '@tensorflow/tfjs-core';
import type { ArgMaxAttrs, CumsumAttrs, MaxAttrs, SumAttrs } from '@tensorflow/tfjs-core';
import type { Builder } from '../../ir/builder.js';
import type { Node, Reduction } from '../../ir/types.js';
import { kernel } from '../register.js';

for (const f of ['Sum', 'Mean', 'Prod'] as const) {
  kernel<SumAttrs>(f, (b, i, { axis, keepDims }) => reduce(b, f, i.get('x'), axis, keepDims));
}

kernel<MaxAttrs>('Max', (b, i, { reductionIndices, keepDims }) =>
  extreme(b, 'Max', i.get('x'), reductionIndices, keepDims),
);
kernel<SumAttrs>('Min', (b, i, { axis, keepDims }) =>
  extreme(b, 'Min', i.get('x'), axis, keepDims),
);

/** The library leaves NaN out where a number came before: what diverged would look as if it had not. */
function extreme(
  b: Builder,
  f: 'Max' | 'Min',
  x: Node,
  axis: number | number[],
  keepDims: boolean,
): Node {
  const found = reduce(b, f, x, axis, keepDims);
  if (x.dtype !== 'float32') return found;
  const wrong = b.cast(b.unary('IsNaN', x, 'bool'), 'float32');
  const any = b.compare('Greater', reduce(b, 'Max', wrong, axis, keepDims), b.splat(0));
  return b.select(any, b.splat(NaN), found);
}

// Of truths: all is the least, any the greatest.
kernel<SumAttrs>('All', (b, i, { axis, keepDims }) => {
  const numbers = b.cast(i.get('x'), 'int32');
  return b.cast(reduce(b, 'Min', numbers, axis, keepDims), 'bool');
});
kernel<SumAttrs>('Any', (b, i, { axis, keepDims }) => {
  const numbers = b.cast(i.get('x'), 'int32');
  return b.cast(reduce(b, 'Max', numbers, axis, keepDims), 'bool');
});

for (const f of ['Max', 'Min'] as const) {
  kernel<ArgMaxAttrs>(`Arg${f}`, (b, i, { axis }) => {
    const x = i.get('x');
    return b.argument(f, x, util.parseAxisParam(axis, [...x.shape])[0] ?? 0);
  });
}

kernel<CumsumAttrs>('Cumsum', (b, i, { axis, exclusive, reverse }) => {
  const x = i.get('x');
  return b.cumsum(x, util.parseAxisParam(axis, [...x.shape])[0] ?? 0, exclusive, reverse);
});

function reduce(
  b: Builder,
  f: Reduction,
  x: Node,
  axis: number | number[],
  keepDims: boolean,
): Node {
  const axes = util.parseAxisParam(axis, [...x.shape]);
  // tf.js sums truths as integers, and gives the mean of anything as a float.
  const type = f === 'Mean' ? 'float32' : x.dtype === 'bool' ? 'int32' : x.dtype;
  const numbers = b.cast(x, type);
  return keepDims ? b.reduceKeep(f, numbers, axes) : b.reduce(f, numbers, axes);
}
