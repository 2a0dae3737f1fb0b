import { renameSync, writeFileSync } from 'node:fs';
import type { RunStatus } from '../../run/directory.js';
import { prettyJson } from '../../run/json.js';

/** A run that is being trained by this process. */
export interface ActiveRun {
  /** Path of its `status.json`. */
  readonly status: string;
  /** Updates done. */
  readonly update: () => number;
}

const active = new Set<ActiveRun>();

/** @returns ends it */
export function enterRun(run: ActiveRun): () => void {
  active.add(run);
  return () => active.delete(run);
}

/**
 * Says in every run of this process that it failed, where nothing else can be done any more: the
 * process ends without its training having been able to.
 */
export function failActiveRuns(message: string, exitCode: number): void {
  for (const { status, update } of active) {
    const time = new Date().toISOString();
    const content: RunStatus = { state: 'failed', time, update: update(), exitCode, message };
    try {
      const draft = `${status}.tmp`;
      writeFileSync(draft, prettyJson({ ...content }));
      renameSync(draft, status);
    } catch {
      // The disk may be what failed.
    }
  }
  active.clear();
}
