import type { EngineSession } from '../../engine/types.js';
import { saveConfig } from '../../experiment/saved.js';
import type { RunChange } from '../../run/changes.js';
import type { Checkpoint } from '../../run/checkpoints.js';
import type { RunDirectory } from '../../run/directory.js';
import { jsonOf } from '../../run/json.js';
import type { Manifest } from '../../run/manifest.js';
import type { Prepared } from '../build/prepare.js';
import { makeManifest } from './make-manifest.js';
import { positionSchema, startPosition, type Position } from './position.js';

/** Where a run goes on, and what is different from there on. */
export interface Continuation {
  /** Undefined where the run was stopped before its first. */
  readonly checkpoint: Checkpoint | undefined;
  readonly position: Position;
  /** The run's changes, to be written; undefined where its record is as it should be. */
  readonly record?: {
    /** What the run was begun as; undefined where that is still true. */
    readonly manifest?: Manifest;
    readonly changes: readonly RunChange[];
  };
  /** Those that hold from here on. */
  readonly fresh: readonly RunChange[];
  /** Whether `metrics.jsonl` was made anew, without what was lost. */
  readonly rebuilt: boolean;
}

/** Goes on from a checkpoint as if nothing had happened; undefined: from the beginning. */
export const unchangedFrom = (checkpoint: Checkpoint | undefined): Continuation => ({
  checkpoint,
  position: checkpoint === undefined ? startPosition : positionSchema.parse(checkpoint.position),
  fresh: [],
  rebuilt: false,
});

/** The configuration first: what it says of changes counts. */
export async function writeRecord(
  prepared: Prepared,
  session: EngineSession,
  directory: RunDirectory,
  fresh: readonly RunChange[],
  { manifest, changes }: NonNullable<Continuation['record']>,
): Promise<void> {
  const config = saveConfig(prepared.experiment, directory.path, changes, fresh);
  await directory.writeJson('config.json', jsonOf(config));
  if (manifest === undefined) return;
  const { created, commandLine, gitCommit } = manifest;
  const now = await makeManifest(prepared, session.engine, new Date());
  const about = { ...now, created, commandLine, gitCommit, changes: [...changes] };
  await directory.writeJson('manifest.json', jsonOf(about));
}
