import type { HostTensor } from '../../../core/engine/types.js';
import { four, sizeOf } from '../../../engines/compiled/ir/shape.js';

/**
 * A convolution of stride 1 and its gradients, term by term in double precision: for sizes at which tf.js `cpu`
 * takes a minute.
 * @param x [batch, height, width, inputs]
 * @param f [rows, columns, inputs, outputs]
 * @param pad `same` for odd kernels only
 * @param gradientOf the gradient of y, by the shape of y
 */
export function plainConvolution(
  x: HostTensor,
  f: HostTensor,
  pad: 'same' | 'valid',
  gradientOf: (shape: readonly number[]) => HostTensor,
): { readonly y: HostTensor; readonly dx: HostTensor; readonly df: HostTensor } {
  const [batch, height, width, inputs] = four(x.shape);
  const [rows, columns, , outputs] = four(f.shape);
  const [top, left] = pad === 'same' ? [(rows - 1) / 2, (columns - 1) / 2] : [0, 0];
  const [down, across] = [height + 1 - rows + 2 * top, width + 1 - columns + 2 * left];
  const shape = [batch, down, across, outputs];
  const dy = gradientOf(shape).data;
  const y = new Float64Array(sizeOf(shape));
  const dx = new Float64Array(x.data.length);
  const df = new Float64Array(f.data.length);
  /** What one pixel under one tap adds; the numbers say where their channels begin. */
  const add = (pixel: number, tap: number, result: number): void => {
    for (let c = 0; c < inputs; c++) {
      const value = x.data[pixel + c] ?? NaN;
      let sum = 0;
      for (let o = 0; o < outputs; o++) {
        const weight = tap + c * outputs + o;
        const [w, g] = [f.data[weight] ?? NaN, dy[result + o] ?? NaN];
        y[result + o] = (y[result + o] ?? NaN) + value * w;
        df[weight] = (df[weight] ?? NaN) + value * g;
        sum += w * g;
      }
      dx[pixel + c] = (dx[pixel + c] ?? NaN) + sum;
    }
  };
  for (let n = 0; n < batch; n++) {
    for (let i = 0; i < down; i++) {
      for (let j = 0; j < across; j++) {
        const result = ((n * down + i) * across + j) * outputs;
        for (let tap = 0; tap < rows * columns; tap++) {
          const row = i + Math.floor(tap / columns) - top;
          const column = j + (tap % columns) - left;
          if (row < 0 || row >= height || column < 0 || column >= width) continue;
          add(((n * height + row) * width + column) * inputs, tap * inputs * outputs, result);
        }
      }
    }
  }
  const tensor = (of: readonly number[], data: Float64Array): HostTensor => ({
    shape: of,
    data: Float32Array.from(data),
  });
  return { y: tensor(shape, y), dx: tensor(x.shape, dx), df: tensor(f.shape, df) };
}
