import type { Builder } from '../ir/builder.js';
import { at, four, range } from '../ir/shape.js';
import type { Node, Window } from '../ir/types.js';
import { spread } from './fused.js';

/** The positions inside a window, row by row. */
export function offsetsOf({ kernel: [rows, columns] }: Window): [number, number][] {
  return range(rows).flatMap((i) => range(columns).map((j): [number, number] => [i, j]));
}

/** First row (or column) past the last that any window touches, in padded coordinates. */
function reach(window: Window, axis: 0 | 1, outputs: number): number {
  const last = (window.kernel[axis] - 1) * window.dilations[axis];
  return (outputs - 1) * window.strides[axis] + last + 1;
}

/** x with the window's padding, big enough for every window. */
export function padded(
  b: Builder,
  x: Node,
  window: Window,
  outputs: readonly number[],
  value: number,
): Node {
  const [top, left] = window.pads;
  const bottom = Math.max(0, reach(window, 0, at(outputs, 1)) - at(x.shape, 1) - top);
  const right = Math.max(0, reach(window, 1, at(outputs, 2)) - at(x.shape, 2) - left);
  return b.pad(x, [0, top, left, 0], [0, bottom, right, 0], value);
}

/** From padded x: the value that each window has at one offset, shaped as the outputs. */
export function take(
  b: Builder,
  x: Node,
  window: Window,
  [i, j]: readonly [number, number],
  outputs: readonly number[],
): Node {
  const begin = [0, i * window.dilations[0], j * window.dilations[1], 0];
  const size = [at(x.shape, 0), at(outputs, 1), at(outputs, 2), at(x.shape, 3)];
  return b.slice(x, begin, size, [1, ...window.strides, 1]);
}

/** The transpose of `take`: puts values of the outputs' shape where each window has that offset. */
export function put(
  b: Builder,
  dy: Node,
  window: Window,
  [i, j]: readonly [number, number],
  inputShape: readonly number[],
): Node {
  const wide = spread(b, dy, [1, 2], window.strides);
  const [row, column] = [i * window.dilations[0], j * window.dilations[1]];
  const [top, left] = window.pads;
  const [height, width] = [at(inputShape, 1), at(inputShape, 2)];
  const rows = Math.max(top + height, row + at(wide.shape, 1));
  const columns = Math.max(left + width, column + at(wide.shape, 2));
  const whole = b.pad(
    wide,
    [0, row, column, 0],
    [0, rows - row - at(wide.shape, 1), columns - column - at(wide.shape, 2), 0],
  );
  return b.slice(whole, [0, top, left, 0], [at(dy.shape, 0), height, width, at(dy.shape, 3)]);
}

/**
 * The sum of what `put` makes of a part for each offset, in the order of `offsetsOf`. Where windows lie side by
 * side, parts are put side by side, too, instead of being added up with zeros in between.
 */
export function putAll(
  b: Builder,
  parts: readonly Node[],
  window: Window,
  inputShape: readonly number[],
): Node {
  const sideBySide =
    window.kernel.join() === window.strides.join() &&
    [...window.dilations, ...window.pads].join() === '1,1,0,0,0,0';
  if (!sideBySide) {
    return offsetsOf(window)
      .map((offset, i) => put(b, at(parts, i), window, offset, inputShape))
      .reduce((sum, part) => b.add(sum, part));
  }
  const [batch, height, width, channels] = four(at(parts, 0).shape);
  const [kh, kw] = window.kernel;
  const rows = range(kh).map((i) => {
    const cells = range(kw).map((j) =>
      b.reshape(at(parts, i * kw + j), [batch, height, width, 1, channels]),
    );
    return b.reshape(b.concat(cells, 3), [batch, height, 1, width * kw, channels]);
  });
  const image = b.reshape(b.concat(rows, 2), [batch, height * kh, width * kw, channels]);
  const missing = inputShape.map((side, axis) => side - at(image.shape, axis));
  return b.pad(image, [0, 0, 0, 0], missing);
}
