import { readFileSync } from 'node:fs';
import { z } from '../../core/index.js';
import { tf } from '../../core/tf.js';

const numbers = z.array(z.number());
const pair = z.tuple([z.number(), z.number()]);

/** What bench/peers/batteries.py found with PyTorch in double precision. */
export const golden = z
  .object({
    optimizers: z.record(z.string(), z.array(numbers)),
    oneCycle: numbers,
    adversarial: z.record(z.string(), pair),
    losses: z.record(z.string(), pair),
    attention: numbers,
  })
  .parse(JSON.parse(readFileSync(new URL('golden.json', import.meta.url), 'utf8')));

/** The numbers that the script uses: sin(seed + 1.7 i). */
export const wave = (shape: readonly number[], seed: number): tf.Tensor =>
  tf.tensor(
    Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => Math.sin(seed + 1.7 * i)),
    [...shape],
  );
