import { backend_util } from '@tensorflow/tfjs-core';
import { splatOf, type Graph } from './graph.js';
import { binaryOnNumbers, compareNumbers, unaryOnNumbers } from './scalar-functions.js';
import { sameShape } from './shape.js';
import type { BinaryFunction, Comparison, ElementType, Node, UnaryFunction } from './types.js';

/** Lifts every positive number from 2⁻¹⁰⁰ on to 1 or more, and none that a network has to infinity. */
const lift = 2 ** 100;

/** Element-wise operations on nodes; constants fold and neutral elements vanish as they are added. */
export class Arithmetic {
  constructor(readonly graph: Graph) {}

  splat(value: number, shape: readonly number[] = [], dtype: ElementType = 'float32'): Node {
    return this.graph.splat(value, shape, dtype);
  }

  unary(f: UnaryFunction, x: Node, dtype: ElementType = x.dtype): Node {
    const value = splatOf(x);
    const fold = unaryOnNumbers[f];
    if (value !== undefined && fold !== undefined) return this.splat(fold(value), x.shape, dtype);
    if (x.op.kind === 'broadcast') return this.broadcast(this.unary(f, input(x), dtype), x.shape);
    return this.graph.add({ kind: 'unary', f }, [x], x.shape, dtype);
  }

  clip(x: Node, low: number, high: number): Node {
    return this.graph.add({ kind: 'clip', low, high }, [x], x.shape, x.dtype);
  }

  leaky(x: Node, slope: number): Node {
    return this.graph.add({ kind: 'leaky', slope }, [x], x.shape, x.dtype);
  }

  add(a: Node, b: Node): Node {
    return this.binary('Add', a, b);
  }
  sub(a: Node, b: Node): Node {
    return this.binary('Sub', a, b);
  }
  mul(a: Node, b: Node): Node {
    return this.binary('Mul', a, b);
  }
  div(a: Node, b: Node): Node {
    return this.binary('Div', a, b);
  }

  binary(f: BinaryFunction, a: Node, b: Node): Node {
    const shape = backend_util.assertAndGetBroadcastShape([...a.shape], [...b.shape]);
    const [x, y] = [splatOf(a), splatOf(b)];
    const fold = binaryOnNumbers[f];
    if (x !== undefined && y !== undefined && fold !== undefined) {
      return this.splat(fold(x, y), shape, a.dtype);
    }
    if (y !== undefined) {
      const simpler = this.withConstant(f, a, y, shape);
      if (simpler !== undefined) return simpler;
    }
    if (x !== undefined && (f === 'Add' || f === 'Mul')) return this.binary(f, b, a);
    if (a.op.kind === 'broadcast' && b.op.kind === 'broadcast') {
      const [p, q] = [input(a), input(b)];
      if (sameShape(p.shape, q.shape)) return this.broadcast(this.binary(f, p, q), shape);
    }
    const [p, q] = this.smallest(a, b, shape);
    return this.graph.add({ kind: 'binary', f }, [p, q], shape, a.dtype);
  }

  compare(f: Comparison, a: Node, b: Node): Node {
    const shape = backend_util.assertAndGetBroadcastShape([...a.shape], [...b.shape]);
    const [x, y] = [splatOf(a), splatOf(b)];
    if (x !== undefined && y !== undefined) {
      return this.splat(compareNumbers[f](x, y) ? 1 : 0, shape, 'bool');
    }
    const [p, q] = this.smallest(a, b, shape);
    return this.graph.add({ kind: 'compare', f }, [p, q], shape, 'bool');
  }

  /**
   * 1 where x > 0, `low` elsewhere; between them where x is below 2⁻¹⁰⁰. By arithmetic: the library's
   * choice between numbers branches at each, and takes ten times as long where signs are random.
   */
  step(x: Node, low: number): Node {
    const value = splatOf(x);
    if (value !== undefined) return this.splat(value > 0 ? 1 : low, x.shape);
    // Not by `mul`, which would join it with another factor of x, beyond all numbers.
    const inputs = [x, this.splat(lift)];
    const lifted = this.graph.add({ kind: 'binary', f: 'Mul' }, inputs, x.shape, x.dtype);
    if (low >= 0 && low <= 1) return this.clip(lifted, low, 1);
    const isPositive = this.clip(lifted, 0, 1);
    return this.add(this.mul(isPositive, this.splat(1 - low)), this.splat(low));
  }

  /** All three are broadcast against each other. */
  select(condition: Node, then: Node, otherwise: Node): Node {
    const known = splatOf(condition);
    if (known !== undefined) {
      const [chosen, other] = known === 0 ? [otherwise, then] : [then, otherwise];
      const shapes = [chosen.shape, other.shape, condition.shape];
      const whole = shapes.reduce((a, c) =>
        backend_util.assertAndGetBroadcastShape([...a], [...c]),
      );
      return this.broadcast(chosen, whole);
    }
    const slope = slopeOf(condition, then, otherwise);
    if (slope !== undefined) return this.mul(then, this.step(input(condition), slope));
    const some = backend_util.assertAndGetBroadcastShape([...then.shape], [...otherwise.shape]);
    const shape = backend_util.assertAndGetBroadcastShape([...condition.shape], some);
    const shrunk = [condition, then, otherwise].map((node) => this.shrink(node));
    const full = shrunk.some((node) => sameShape(node.shape, shape));
    const inputs = full ? shrunk : [condition, then, otherwise];
    return this.graph.add({ kind: 'select' }, inputs, shape, then.dtype);
  }

  cast(x: Node, dtype: ElementType): Node {
    if (x.dtype === dtype) return x;
    const value = splatOf(x);
    if (value !== undefined) {
      return this.splat(dtype === 'bool' ? Number(value !== 0) : value, x.shape, dtype);
    }
    if (x.op.kind === 'broadcast') return this.broadcast(this.cast(input(x), dtype), x.shape);
    return this.graph.add({ kind: 'cast' }, [x], x.shape, dtype);
  }

  broadcast(x: Node, shape: readonly number[]): Node {
    if (sameShape(x.shape, shape)) return x;
    const value = splatOf(x);
    if (value !== undefined) return this.splat(value, shape, x.dtype);
    if (x.op.kind === 'broadcast') return this.broadcast(input(x), shape);
    return this.graph.add({ kind: 'broadcast' }, [x], shape, x.dtype);
  }

  /** What x ∘ constant is without computing it, where that is known. */
  private withConstant(
    f: BinaryFunction,
    x: Node,
    c: number,
    shape: readonly number[],
  ): Node | undefined {
    const neutral = f === 'Mul' || f === 'Div' || f === 'Pow' ? 1 : 0;
    const hasNeutral = ['Mul', 'Div', 'Pow', 'Add', 'Sub'].includes(f);
    if (hasNeutral && c === neutral) return this.broadcast(x, shape);
    if (x.dtype !== 'float32') return undefined;
    if (f === 'Div' && isExactlyInverted(c)) return this.mul(x, this.splat(1 / c));
    if (f === 'Pow' && c === 2) return this.broadcast(this.unary('Square', x), shape);
    if (f !== 'Mul' && f !== 'Div') return undefined;
    const scalar = this.splat(c);
    if (x.op.kind === 'broadcast') return this.broadcast(this.binary(f, input(x), scalar), shape);
    if (f === 'Div') return undefined;
    const second = x.inputs[1];
    const inner = second === undefined ? undefined : splatOf(second);
    if (x.op.kind === 'binary' && x.op.f === 'Mul' && inner !== undefined) {
      const both = Math.fround(inner) * c;
      // Beyond these, one factor after the other may give what their product does not.
      if (!isNormal(both)) return undefined;
      return this.broadcast(this.mul(input(x), this.splat(both)), shape);
    }
    return undefined;
  }

  /** Both operands, without a broadcast that the operation does anyway. */
  private smallest(a: Node, b: Node, shape: readonly number[]): [Node, Node] {
    const solid = (node: Node): boolean =>
      sameShape(node.shape, shape) && node.op.kind !== 'broadcast' && node.op.kind !== 'splat';
    const [p, q] = [this.shrink(a), this.shrink(b)];
    if (solid(a)) return [a, q];
    if (solid(b)) return [p, b];
    const result = backend_util.assertAndGetBroadcastShape([...p.shape], [...q.shape]);
    return sameShape(result, shape) ? [p, q] : [a, b];
  }

  private shrink(node: Node): Node {
    const value = splatOf(node);
    if (value !== undefined) return this.splat(value, [], node.dtype);
    return node.op.kind === 'broadcast' ? input(node) : node;
  }
}

/** Whether a 32-bit number is as exact as its size allows, and no infinity. */
function isNormal(value: number): boolean {
  const size = Math.abs(Math.fround(value));
  return size >= 2 ** -126 && size < Infinity;
}

/** Whether x / c and x · (1 / c) are always the same: powers of two. Others differ where x / c is a whole number. */
function isExactlyInverted(c: number): boolean {
  return Number.isInteger(Math.log2(Math.abs(c))) && isNormal(c) && isNormal(1 / c);
}

function input(node: Node): Node {
  const [first] = node.inputs;
  if (first === undefined) throw new TypeError(`${node.op.kind} has no input`);
  return first;
}

/** s of a choice between x > 0: y and s · y, the gradient of a leaky rectifier. */
function slopeOf(condition: Node, then: Node, otherwise: Node): number | undefined {
  const [x, zero] = condition.inputs;
  const [y, factor] = otherwise.inputs;
  if (condition.op.kind !== 'compare' || condition.op.f !== 'Greater') return undefined;
  if (otherwise.op.kind !== 'binary' || otherwise.op.f !== 'Mul' || y !== then) return undefined;
  if (x === undefined || zero === undefined || factor === undefined) return undefined;
  const slope = splatOf(factor);
  const isLeaky = slope !== undefined && slope >= 0 && slope <= 1 && splatOf(zero) === 0;
  return isLeaky && x.dtype === 'float32' && sameShape(x.shape, then.shape) ? slope : undefined;
}
