import type { CastAttrs, ClipByValueAttrs, StepAttrs } from '@tensorflow/tfjs-core';
import { unsupportedKernel } from '../../../errors/compiled.js';
import type { Builder } from '../../ir/builder.js';
import { sameInBoth, type BinaryFunction, type Comparison, type Node } from '../../ir/types.js';
import { kernel } from '../register.js';
import { toWhole } from '../wholes.js';

for (const f of [...sameInBoth, 'Rsqrt', 'Square'] as const) {
  kernel(f, (b, i) => b.unary(f, i.get('x')));
}

kernel('LogicalNot', (b, i) => b.unary('Not', i.get('x')));
kernel('IsNan', (b, i) => b.unary('IsNaN', i.get('x'), 'bool'));
kernel('IsInf', (b, i) => b.unary('IsInf', i.get('x'), 'bool'));
kernel('IsFinite', (b, i) => {
  const x = i.get('x');
  return b.unary('Not', b.compare('Or', b.unary('IsNaN', x, 'bool'), b.unary('IsInf', x, 'bool')));
});
// Near zero, exp(x) − 1 and log(1 + x) lose digits; other forms keep them, but fail further out.
kernel('Expm1', (b, i) => {
  const x = i.get('x');
  const half = b.mul(x, b.splat(0.5));
  const near = b.mul(b.mul(b.unary('Sinh', half), b.unary('Exp', half)), b.splat(2));
  return b.select(isNearZero(b, x), near, b.sub(b.unary('Exp', x), b.splat(1)));
});
kernel('Log1p', (b, i) => {
  const x = i.get('x');
  const near = b.mul(b.unary('Atanh', b.div(x, b.add(x, b.splat(2)))), b.splat(2));
  return b.select(isNearZero(b, x), near, b.unary('Log', b.add(x, b.splat(1))));
});

function isNearZero(b: Builder, x: Node): Node {
  return b.compare('Less', b.unary('Abs', x), b.splat(0.5));
}

const binary: Record<string, BinaryFunction> = {
  Add: 'Add',
  Sub: 'Sub',
  Multiply: 'Mul',
  RealDiv: 'Div',
  Maximum: 'Max',
  Minimum: 'Min',
  Pow: 'Pow',
};
for (const [name, f] of Object.entries(binary)) {
  kernel(name, (b, i) => b.binary(f, i.get('a'), i.get('b')));
}
kernel('SquaredDifference', (b, i) => b.unary('Square', b.sub(i.get('a'), i.get('b'))));
kernel('FloorDiv', (b, i) => {
  const [p, q] = [i.get('a'), i.get('b')];
  return p.dtype === 'float32' ? b.unary('Floor', b.div(p, q)) : floorOfWhole(b, p, q);
});

// The remainder of the division has the sign of p; where q has the other one, it is moved by q.
kernel('Mod', (b, i) => {
  const [p, divisor] = [i.get('a'), i.get('b')];
  const q = p.dtype === 'float32' ? divisor : withoutZero(b, divisor);
  const rest = b.binary('Mod', p, q);
  const zero = b.splat(0, [], p.dtype);
  const differ = b.compare('Xor', b.compare('Less', p, zero), b.compare('Less', q, zero));
  const isNone = b.compare('Equal', rest, zero);
  return b.select(b.compare('And', differ, b.unary('Not', isNone)), b.add(rest, q), rest);
});

/** ⌊p / q⌋ of whole numbers; 0 where q is, as in tf.js. The library's division rounds towards 0. */
function floorOfWhole(b: Builder, p: Node, q: Node): Node {
  const whole = (value: number): Node => b.splat(value, [], 'int32');
  // The processor ends the process for x / 0, and for −2³¹ / −1.
  const isNegation = b.compare('Equal', q, whole(-1));
  const divisor = b.select(isNegation, whole(1), withoutZero(b, q));
  const quotient = b.binary('Div', p, divisor);
  const rest = b.sub(p, b.mul(quotient, divisor));
  const differ = b.compare('Xor', b.compare('Less', p, whole(0)), b.compare('Less', q, whole(0)));
  const isBelow = b.compare('And', differ, b.unary('Not', b.compare('Equal', rest, whole(0))));
  const floor = b.select(isBelow, b.sub(quotient, whole(1)), quotient);
  const signed = b.select(isNegation, b.mul(p, whole(-1)), floor);
  return b.select(b.compare('Equal', q, whole(0)), whole(0), signed);
}

function withoutZero(b: Builder, q: Node): Node {
  const isZero = b.compare('Equal', q, b.splat(0, [], 'int32'));
  return b.select(isZero, b.splat(1, [], 'int32'), q);
}
kernel('Atan2', (b, i) => {
  const [y, x] = [i.get('a'), i.get('b')];
  const zero = b.splat(0);
  const slope = b.unary('Atan', b.div(y, x));
  const half = b.mul(b.unary('Sign', y), b.splat(Math.PI / 2));
  const turn = b.select(b.compare('Less', y, zero), b.splat(-Math.PI), b.splat(Math.PI));
  const left = b.select(b.compare('Less', x, zero), b.add(slope, turn), slope);
  return b.select(b.compare('Equal', x, zero), half, left);
});
kernel('AddN', (b, i) => i.all().reduce((sum, x) => b.add(sum, x)));

const comparisons: Record<string, Comparison> = {
  Equal: 'Equal',
  Greater: 'Greater',
  GreaterEqual: 'GreaterOrEqual',
  Less: 'Less',
  LessEqual: 'LessOrEqual',
  LogicalAnd: 'And',
  LogicalOr: 'Or',
  LogicalXor: 'Xor',
};
for (const [name, f] of Object.entries(comparisons)) {
  kernel(name, (b, i) => b.compare(f, i.get('a'), i.get('b')));
}
kernel('NotEqual', (b, i) => b.unary('Not', b.compare('Equal', i.get('a'), i.get('b'))));

kernel('Select', (b, i) => {
  const [condition, then] = [i.get('condition'), i.get('t')];
  // A condition of rank 1 chooses whole rows.
  const rows = condition.shape.length === 1 && then.shape.length > 1;
  const ones = then.shape.slice(1).map(() => 1);
  const mask = rows ? b.reshape(condition, [...condition.shape, ...ones]) : condition;
  return b.select(mask, then, i.get('e'));
});

kernel<ClipByValueAttrs>('ClipByValue', (b, i, { clipValueMin, clipValueMax }) => {
  const x = i.get('x');
  if (x.dtype === 'float32') return b.clip(x, clipValueMin, clipValueMax);
  const whole = (bound: number): number => Math.min(Math.max(bound, -(2 ** 31)), 2 ** 31 - 1);
  return b.clip(x, whole(clipValueMin), whole(clipValueMax));
});

kernel<StepAttrs>('Step', (b, i, { alpha }) => {
  const x = i.get('x');
  if (x.dtype === 'float32') return b.step(x, alpha);
  const positive = b.compare('Greater', x, b.splat(0, [], x.dtype));
  return b.select(positive, b.splat(1), b.splat(alpha));
});

kernel<CastAttrs>('Cast', (b, i, { dtype }) => {
  if (dtype === 'int32') return toWhole(b, i.get('x'));
  if (dtype === 'float32' || dtype === 'bool') return b.cast(i.get('x'), dtype);
  throw unsupportedKernel('Cast', undefined, `to ${dtype}`);
});
