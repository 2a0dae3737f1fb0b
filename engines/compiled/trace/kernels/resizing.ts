import type { ResizeBilinearAttrs, ResizeNearestNeighborAttrs } from '@tensorflow/tfjs-core';
import type { Builder } from '../../ir/builder.js';
import { four, range } from '../../ir/shape.js';
import type { Node } from '../../ir/types.js';
import { kernel } from '../register.js';

// Resizing is separable; where it mixes pixels it is a matrix for the rows and a matrix for the columns.

/** matrix[to][from], row-major */
type Resampling = (from: number, to: number) => Float32Array;

kernel<ResizeBilinearAttrs>('ResizeBilinear', (b, i, a) =>
  resize(b, i.get('images'), a.size, bilinear(a.alignCorners, a.halfPixelCenters)),
);
kernel<ResizeNearestNeighborAttrs>('ResizeNearestNeighbor', (b, i, a) => {
  const x = i.get('images');
  const [, height, width] = four(x.shape);
  const source = nearest(a.alignCorners, a.halfPixelCenters);
  const tall = b.gather(x, b.indices(source(height, a.size[0])), 1);
  return b.gather(tall, b.indices(source(width, a.size[1])), 2);
});
// tf.js's gradients know no half-pixel centres; an engine must agree with another.
kernel<ResizeBilinearAttrs>('ResizeBilinearGrad', (b, i, a) =>
  transposed(b, i.get('images'), i.get('dy'), bilinear(a.alignCorners, false)),
);
kernel<ResizeNearestNeighborAttrs>('ResizeNearestNeighborGrad', (b, i, a) =>
  transposed(b, i.get('images'), i.get('dy'), taking(nearest(a.alignCorners, false))),
);

function resize(b: Builder, x: Node, size: readonly [number, number], how: Resampling): Node {
  const [, height, width] = four(x.shape);
  const [newHeight, newWidth] = size;
  const rows = matrix(b, how(height, newHeight), newHeight, height);
  return apply(b, x, rows, matrix(b, how(width, newWidth), newWidth, width), false, size);
}

function transposed(b: Builder, x: Node, dy: Node, how: Resampling): Node {
  const [, height, width] = four(x.shape);
  const [, newHeight, newWidth] = four(dy.shape);
  const rows = matrix(b, how(height, newHeight), newHeight, height);
  const columns = matrix(b, how(width, newWidth), newWidth, width);
  return apply(b, dy, rows, columns, true, [height, width]);
}

function matrix(b: Builder, values: Float32Array, to: number, from: number): Node {
  return b.constant(values, [1, to, from], 'float32');
}

function apply(
  b: Builder,
  x: Node,
  rows: Node,
  columns: Node,
  transpose: boolean,
  [height, width]: readonly [number, number],
): Node {
  const [batch, oldHeight, oldWidth, channels] = four(x.shape);
  const tall = b.matmul(rows, b.reshape(x, [batch, oldHeight, oldWidth * channels]), transpose);
  const wide = b.reshape(tall, [batch * height, oldWidth, channels]);
  return b.reshape(b.matmul(columns, wide, transpose), [batch, height, width, channels]);
}

function scaleOf(from: number, to: number, alignCorners: boolean): number {
  return alignCorners && to > 1 ? (from - 1) / (to - 1) : from / to;
}

function bilinear(alignCorners: boolean, halfPixel: boolean): Resampling {
  return (from, to) => {
    const scale = scaleOf(from, to, alignCorners);
    const weights = new Float32Array(to * from);
    for (const r of range(to)) {
      const source = halfPixel ? scale * (r + 0.5) - 0.5 : scale * r;
      const low = Math.max(0, Math.floor(source));
      const high = Math.max(0, Math.min(from - 1, Math.ceil(source)));
      if (low === high) {
        weights[r * from + low] = 1;
      } else {
        weights[r * from + low] = 1 - (source - low);
        weights[r * from + high] = source - low;
      }
    }
    return weights;
  };
}

/** Which of `from` pixels each of `to` pixels takes. */
type Source = (from: number, to: number) => number[];

function nearest(alignCorners: boolean, halfPixel: boolean): Source {
  return (from, to) => {
    const scale = scaleOf(from, to, alignCorners);
    return range(to).map((r) => {
      const source = halfPixel ? scale * (r + 0.5) : scale * r;
      const rounded = alignCorners ? Math.round(source) : Math.floor(source);
      return Math.max(0, Math.min(from - 1, rounded));
    });
  };
}

function taking(source: Source): Resampling {
  return (from, to) => {
    const weights = new Float32Array(to * from);
    source(from, to).forEach((taken, r) => (weights[r * from + taken] = 1));
    return weights;
  };
}
