import type { Draw } from './types.js';

/** A random input of a program, to be drawn afresh for every run. */
export interface DrawnInput {
  readonly draw: Draw;
  /** Name of the random stream. */
  readonly stream: string;
}

/** Shape of a draw for a batch; a draw per batch is a scalar, of shape []. */
export function drawShape(
  { per }: Draw,
  batch: number,
  [height, width]: readonly [number, number],
): readonly number[] {
  if (per === 'batch') return [];
  return per === 'pixel' ? [batch, height, width, 1] : [batch, 1, 1, 1];
}
