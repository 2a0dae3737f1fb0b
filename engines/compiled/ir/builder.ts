import { Arithmetic } from './arithmetic.js';
import { splatOf } from './graph.js';
import { at, pick, range, sameShape, sizeOf } from './shape.js';
import type { ElementType, Node, Operation, Reduction, Values, Window } from './types.js';

/** Adds operations to a graph: element-wise ones, and here those that move or contract values. */
export class Builder extends Arithmetic {
  constant(values: Values, shape: readonly number[], dtype: ElementType): Node {
    return this.graph.constant(values, shape, dtype);
  }

  indices(values: readonly number[]): Node {
    return this.graph.constant(Int32Array.from(values), [values.length], 'int32');
  }

  reshape(x: Node, shape: readonly number[]): Node {
    if (sameShape(x.shape, shape)) return x;
    const value = splatOf(x);
    if (value !== undefined) return this.splat(value, shape, x.dtype);
    const [inner] = x.inputs;
    if (x.op.kind === 'reshape' && inner !== undefined) return this.reshape(inner, shape);
    return this.graph.add({ kind: 'reshape' }, [x], shape, x.dtype);
  }

  transpose(x: Node, perm: readonly number[]): Node {
    if (perm.every((axis, i) => axis === i)) return x;
    const shape = pick(x.shape, perm);
    const value = splatOf(x);
    if (value !== undefined) return this.splat(value, shape, x.dtype);
    return this.graph.add({ kind: 'transpose', perm: [...perm] }, [x], shape, x.dtype);
  }

  concat(parts: readonly Node[], axis: number): Node {
    const [first] = parts;
    if (first === undefined) throw new RangeError('concat of nothing');
    if (parts.length === 1) return first;
    const shape = [...first.shape];
    shape[axis] = parts.reduce((sum, part) => sum + at(part.shape, axis), 0);
    return this.graph.add({ kind: 'concat', axis }, parts, shape, first.dtype);
  }

  slice(
    x: Node,
    begin: readonly number[],
    size: readonly number[],
    strides: readonly number[] = begin.map(() => 1),
  ): Node {
    const whole = sameShape(size, x.shape) && strides.every((s) => s === 1);
    if (whole) return x;
    const value = splatOf(x);
    if (value !== undefined) return this.splat(value, size, x.dtype);
    const end = begin.map((b, i) => b + (at(size, i) - 1) * at(strides, i) + at(strides, i));
    const op = { kind: 'slice', begin: [...begin], end, strides: [...strides] } as const;
    return this.graph.add(op, [x], size, x.dtype);
  }

  pad(x: Node, before: readonly number[], after: readonly number[], value = 0): Node {
    if ([...before, ...after].every((n) => n === 0)) return x;
    const shape = x.shape.map((side, i) => side + at(before, i) + at(after, i));
    if (splatOf(x) === value) return this.splat(value, shape, x.dtype);
    const op = { kind: 'pad', before: [...before], after: [...after], value } as const;
    return this.graph.add(op, [x], shape, x.dtype);
  }

  tile(x: Node, reps: readonly number[]): Node {
    const shape = x.shape.map((side, i) => side * at(reps, i));
    if (x.shape.every((side, i) => side === 1 || reps[i] === 1)) return this.broadcast(x, shape);
    return this.graph.add({ kind: 'tile', reps: [...reps] }, [x], shape, x.dtype);
  }

  /** Slices of x along the axis, at indices of any rank. */
  gather(x: Node, indices: Node, axis: number): Node {
    const shape = [...x.shape.slice(0, axis), ...indices.shape, ...x.shape.slice(axis + 1)];
    return this.graph.add({ kind: 'gather', axis }, [x, indices], shape, x.dtype);
  }

  /** The axes vanish. */
  reduce(f: Reduction, x: Node, axes: readonly number[]): Node {
    if (axes.length === 0) return x;
    const sorted = [...axes].sort((a, b) => a - b);
    const shape = x.shape.filter((_, axis) => !sorted.includes(axis));
    const count = sizeOf(pick(x.shape, sorted));
    const value = splatOf(x);
    if (value !== undefined && f !== 'Prod') {
      return this.splat(f === 'Sum' ? value * count : value, shape, x.dtype);
    }
    if (count === 1) return this.reshape(x, shape);
    return this.graph.add({ kind: 'reduce', f, axes: sorted }, [x], shape, x.dtype);
  }

  /** As `reduce`, but the axes stay with side 1. */
  reduceKeep(f: Reduction, x: Node, axes: readonly number[]): Node {
    const kept = x.shape.map((side, axis) => (axes.includes(axis) ? 1 : side));
    return this.reshape(this.reduce(f, x, axes), kept);
  }

  matmul(a: Node, b: Node, transposeA = false, transposeB = false): Node {
    const rank = Math.max(a.shape.length, b.shape.length);
    const [p, q] = [a.shape.slice(-2), b.shape.slice(-2)];
    const batch = range(rank - 2).map((i) => {
      const of = (s: readonly number[]): number => s[i + s.length - rank] ?? 1;
      return of(a.shape) === 1 ? of(b.shape) : of(a.shape);
    });
    const shape = [...batch, at(p, transposeA ? 1 : 0), at(q, transposeB ? 0 : 1)];
    return this.graph.add({ kind: 'matmul', transposeA, transposeB }, [a, b], shape, 'float32');
  }

  conv(x: Node, filter: Node, window: Window, shape: readonly number[]): Node {
    return this.windowed({ kind: 'conv', window }, [x, filter], shape);
  }

  convInput(dy: Node, filter: Node, window: Window, shape: readonly number[]): Node {
    return this.windowed({ kind: 'convInput', window }, [dy, filter], shape);
  }

  convFilter(x: Node, dy: Node, window: Window, shape: readonly number[]): Node {
    return this.windowed({ kind: 'convFilter', window }, [x, dy], shape);
  }

  depthwise(x: Node, filter: Node, window: Window, shape: readonly number[]): Node {
    return this.windowed({ kind: 'depthwise', window }, [x, filter], shape);
  }

  /** Sums of no numbers are zero: the library never ends with images of no channels. */
  private windowed(op: Operation, inputs: readonly Node[], shape: readonly number[]): Node {
    if (inputs.some((node) => node.shape.includes(0))) return this.splat(0, shape);
    return this.graph.add(op, inputs, shape, 'float32');
  }

  pool(f: 'Max' | 'Average', x: Node, window: Window, shape: readonly number[]): Node {
    return this.graph.add({ kind: 'pool', f, window }, [x], shape, 'float32');
  }

  cumsum(x: Node, axis: number, exclusive: boolean, reverse: boolean): Node {
    const op = { kind: 'cumsum', axis, exclusive, reverse } as const;
    return this.graph.add(op, [x], x.shape, x.dtype);
  }

  /** Of the greatest along the last axis their values, or where they are. */
  topk(part: 'values' | 'indices', x: Node, count: number): Node {
    const shape = [...x.shape.slice(0, -1), count];
    const dtype = part === 'values' ? x.dtype : 'int32';
    return this.graph.add({ kind: 'topk', part, count }, [x], shape, dtype);
  }

  argument(f: 'Max' | 'Min', x: Node, axis: number): Node {
    const shape = x.shape.filter((_, i) => i !== axis);
    return this.graph.add({ kind: 'arg', f, axis }, [x], shape, 'int32');
  }
}
