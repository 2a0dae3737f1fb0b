import { notConforming } from '../../errors/conformance.js';
import type { Subject } from '../conformance.js';

/** Listeners, timers, globals and environment after a run must be those before it. */
export async function checkUnload({ name, first, second }: Subject): Promise<void> {
  // What is loaded once and for all is loaded by the first run.
  await first();
  const { leftBehind } = await second();
  if (leftBehind.length === 0) return;
  throw notConforming(
    name,
    'nothing stays behind when the run ends',
    `left behind: ${leftBehind.join(', ')}.`,
    'Undo in runEnd, interruption and failure what runStart did: clear timers, remove listeners, close servers.',
  );
}
