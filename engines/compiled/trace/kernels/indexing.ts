import { backend_util, gather_util } from '@tensorflow/tfjs-core';
import type { EinsumAttrs, ScatterNdAttrs } from '@tensorflow/tfjs-core';
import { currentContributor } from '../../../../core/attribution/contributor.js';
import { unsupportedKernel } from '../../../errors/compiled.js';
import type { Builder } from '../../ir/builder.js';
import { at, range, sizeOf } from '../../ir/shape.js';
import type { Node } from '../../ir/types.js';
import { kernel } from '../register.js';

/** tf.js's helpers want tensors, but read only their shapes and types. */
const shaped = ({ shape, dtype }: Node): never =>
  ({ shape: [...shape], rank: shape.length, dtype }) as never;

/** Which slice each row of indices means: [rows]. */
function slicesOf(b: Builder, indices: Node, rows: number, strides: readonly number[]): Node {
  const flat = b.reshape(b.cast(indices, 'int32'), [rows, strides.length]);
  return b.reduce('Sum', b.mul(flat, b.indices(strides)), [1]);
}

kernel('GatherNd', (b, i) => {
  const [x, indices] = [i.get('params'), i.get('indices')];
  const [result, rows, size, strides] = gather_util.prepareAndValidate(shaped(x), shaped(indices));
  const rank = indices.shape.at(-1) ?? 0;
  const slices = b.reshape(x, [sizeOf(x.shape) / size, size]);
  const taken = b.gather(slices, slicesOf(b, indices, rows, strides.slice(0, rank)), 0);
  return b.reshape(taken, result);
});

// Rows that mean the same slice add up, as in tf.js: one matrix product with ones and zeros.
kernel<ScatterNdAttrs>('ScatterNd', (b, i, { shape }) => {
  const [indices, updates] = [i.get('indices'), i.get('updates')];
  const { sliceRank, numUpdates, sliceSize, strides } = backend_util.calculateShapes(
    shaped(updates),
    shaped(indices),
    shape,
  );
  const slices = sizeOf(shape) / sliceSize;
  const wanted = slicesOf(b, indices, numUpdates, strides.slice(0, sliceRank));
  const rows = b.reshape(b.indices(range(slices)), [slices, 1]);
  const member = b.compare('Equal', rows, b.reshape(wanted, [1, numUpdates]));
  const values = b.reshape(b.cast(updates, 'float32'), [numUpdates, sliceSize]);
  const sums = b.matmul(b.cast(member, 'float32'), values);
  return b.cast(b.reshape(sums, shape), updates.dtype);
});

kernel('Diag', (b, i) => {
  const x = i.get('x');
  const size = sizeOf(x.shape);
  const eye = b.compare(
    'Equal',
    b.reshape(b.indices(range(size)), [size, 1]),
    b.indices(range(size)),
  );
  const full = b.select(eye, b.reshape(x, [size, 1]), b.splat(0, [], x.dtype));
  return b.reshape(full, [...x.shape, ...x.shape]);
});

kernel('FlipLeftRight', (b, i) => {
  const { shape } = i.get('image');
  const begin = shape.map((side, axis) => (axis === 2 ? side - 1 : 0));
  return b.slice(
    i.get('image'),
    begin,
    shape,
    shape.map((_, axis) => (axis === 2 ? -1 : 1)),
  );
});

// Every letter becomes an axis; products of everything are summed over those not wanted.
kernel<EinsumAttrs>('Einsum', (b, i, { equation }) => {
  const [left = '', wanted = ''] = equation.replace(/\s/g, '').split('->');
  const terms = left.split(',');
  const letters = [...new Set(Array.from(wanted + left.replaceAll(',', '')))];
  const factors = i.all().map((x, k) => {
    const own = Array.from(at(terms, k));
    if (new Set(own).size < own.length) {
      throw unsupportedKernel('Einsum', currentContributor(), 'a letter twice in one term');
    }
    const order = letters.filter((letter) => own.includes(letter));
    const moved = b.transpose(
      x,
      order.map((letter) => own.indexOf(letter)),
    );
    const sides = letters.map((letter) =>
      own.includes(letter) ? at(x.shape, own.indexOf(letter)) : 1,
    );
    return b.reshape(moved, sides);
  });
  const product = factors.reduce((p, q) => b.mul(p, q));
  return b.reduce('Sum', product, range(letters.length).slice(wanted.length));
});
