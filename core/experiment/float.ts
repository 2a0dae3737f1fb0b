import { z } from 'zod';

/** A positive number that is one in 32 bits, too: there a smaller one becomes 0 and a larger one ∞. */
export function positiveFloat(): z.ZodNumber {
  return z.number().min(1.1754943508222875e-38).max(3.4028234663852886e38);
}
