import { createHash } from 'node:crypto';
import type { HostTensors } from '../engine/types.js';
import { bytesOf } from './bytes.js';
import { canonicalJson, type JsonObject, type JsonValue } from './json.js';

/** All that a run's future depends on. */
export interface RunState {
  /** Where the trainer stands: phase, counters, metric accumulators, event-log position. */
  readonly position: JsonValue;
  /** What each plugin saved, by plugin name. */
  readonly plugins: JsonObject;
  readonly tensors: HostTensors;
}

/**
 * SHA-256 (hex) of a state: names in sorted order, shapes, raw bytes, and the canonical JSON of
 * position and plugins. Independent of time and machine: two runs are in the same state exactly
 * when their hashes agree.
 *
 * @throws NcnError (`NCN_RUN_NOT_JSON`) naming what cannot be saved.
 */
export function contentHash({ position, plugins, tensors }: RunState): string {
  const hash = createHash('sha256');
  hash.update(`${canonicalJson({ plugins, position })}\n`);
  for (const [name, { shape, data }] of [...tensors].sort(([a], [b]) => (a < b ? -1 : 1))) {
    hash.update(`${JSON.stringify([name, shape])}\n`);
    hash.update(bytesOf(data));
  }
  return hash.digest('hex');
}
