import type { Subject } from '../conformance.js';
import { expectEqual } from './compare.js';

/** The same run twice, one after the other in one process. */
export async function checkDeterminism({ name, first, second }: Subject): Promise<void> {
  const pair = [(await first()).run, (await second()).run] as const;
  expectEqual(
    name,
    'equal runs give equal results',
    pair,
    "Draw random numbers from named streams (services.get(RandomToken).at('mine/noise', update)), use no clock, and keep state inside setup(), not in the module.",
  );
}
