import type { Shape } from '../data/types.js';
import { badContribution } from '../errors/plugin.js';
import { didYouMean } from '../errors/nearest.js';
import type { RandomSequence } from '../random/streams.js';
import type { Draw } from './types.js';

/** A random input of a program, to be drawn afresh for every run. */
export interface DrawnInput {
  readonly draw: Draw;
  /** Name of the random stream. */
  readonly stream: string;
  /** Shape of the signal that it follows. */
  readonly signal: Shape;
}

/** Shape of a draw for a batch; a draw per batch is a scalar, of shape []. */
export function drawShape({ per }: Draw, batch: number, signal: Shape): Shape {
  if (per === 'batch') return [];
  return [batch, ...(per === 'element' ? signal : signal.map(() => 1))];
}

/**
 * The shape of the signal that a draw follows.
 * @param by default the signal of this name
 * @throws NcnError where there is none of the name
 */
export function followed(
  name: string,
  { of }: Draw,
  shapes: ReadonlyMap<string, Shape>,
  byDefault: string,
): Shape {
  const shape = shapes.get(of ?? byDefault);
  if (shape !== undefined) return shape;
  throw badContribution(
    `The draw '${name}' follows the signal '${of ?? byDefault}', which there is not.`,
    didYouMean(of ?? byDefault, shapes.keys()),
  );
}

/** Fills `out` with a draw's numbers. */
export function fillDraw(draw: Draw, random: RandomSequence, out: Float32Array): Float32Array {
  switch (draw.distribution) {
    case 'normal':
      return fill(out, () => draw.mean + draw.deviation * random.normal());
    case 'bernoulli':
      return fill(out, () => Number(random.uniform() < draw.probability));
    case 'choice':
      return fill(out, () => draw.values[random.below(draw.values.length)] ?? NaN);
    default:
      return random.fillUniform(out, draw.low, draw.high);
  }
}

/** A single number of a draw. */
export function drawOne(draw: Draw, random: RandomSequence): number {
  // In double precision, as scalars are.
  if (draw.distribution === undefined || draw.distribution === 'uniform') {
    return draw.low + (draw.high - draw.low) * random.uniform();
  }
  return fillDraw(draw, random, new Float32Array(1))[0] ?? NaN;
}

function fill(out: Float32Array, next: () => number): Float32Array {
  for (let i = 0; i < out.length; i++) out[i] = next();
  return out;
}
