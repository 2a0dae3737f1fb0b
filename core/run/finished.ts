import { CheckpointStore } from './checkpoints.js';
import type { RunDirectory } from './directory.js';
import { prefixFault } from './prefix.js';

/**
 * What is wrong with the state and the log that a finished run ended with, for people: its newest
 * checkpoint, and `metrics.jsonl` by the hash that is kept there. Where somebody removed all
 * checkpoints, nothing is known. `summary.json` has a hash of its own.
 * @throws NcnError where they cannot be read
 */
export async function faultsOfFinished({
  checkpoints,
  metrics,
}: RunDirectory): Promise<readonly string[]> {
  const newest = await new CheckpointStore(checkpoints).newest();
  if (typeof newest === 'string') return [newest];
  if (newest?.metrics === undefined) return [];
  const fault = await prefixFault(metrics, newest.metrics);
  return fault === undefined ? [] : [`${metrics} ${fault}.`];
}
