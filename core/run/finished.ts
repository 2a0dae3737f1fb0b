import { NcnError } from '../errors/error.js';
import { CheckpointStore } from './checkpoints.js';
import type { RunDirectory } from './directory.js';
import { prefixFault } from './prefix.js';

/**
 * What is wrong with the state and the log that a finished run ended with, for people: its newest
 * checkpoint, and `metrics.jsonl` by the hash that is kept there. Where somebody removed all
 * checkpoints, nothing is known. `summary.json` has a hash of its own.
 * What cannot be read is told as well: nobody who is done needs it.
 */
export async function faultsOfFinished({
  checkpoints,
  metrics,
}: RunDirectory): Promise<readonly string[]> {
  try {
    const newest = await new CheckpointStore(checkpoints).newest();
    if (typeof newest === 'string') return [newest];
    if (newest?.metrics === undefined) return [];
    const fault = await prefixFault(metrics, newest.metrics);
    return fault === undefined ? [] : [`${metrics} ${fault}.`];
  } catch (error) {
    if (error instanceof NcnError) return [error.message];
    throw error;
  }
}
