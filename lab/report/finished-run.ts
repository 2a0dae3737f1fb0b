import { isThere } from '../files.js';
import { savedConfigSchema, type SavedConfig } from '../../core/experiment/saved.js';
import { RunDirectory } from '../../core/run/directory.js';
import { manifestSchema, type Manifest } from '../../core/run/manifest.js';
import { summarySchema, type Summary } from '../../core/run/summary.js';

/** What the files of a finished run say, for studies of many. */
export interface FinishedRun {
  readonly manifest: Manifest;
  /** Its configuration, a value a path. */
  readonly values: SavedConfig['values'];
  /** Its last results, by `EVALUATION/METRIC`. */
  readonly results: Summary['results'];
  /** File of its events, for `readEvents`. */
  readonly events: string;
}

/** Why a study has no numbers of a run that is done, and {@link finishedRunIfThere} gives none. */
export const runIsGone = 'its folder is gone';

/** The same; undefined where the folder is gone: moved, or deleted. @throws as {@link readFinishedRun} does */
export async function finishedRunIfThere(path: string): Promise<FinishedRun | undefined> {
  return (await isThere(path)) ? readFinishedRun(path) : undefined;
}

/** @throws NcnError where it is no run, has not finished, or a file of it is damaged */
export async function readFinishedRun(path: string): Promise<FinishedRun> {
  const run = await RunDirectory.open(path);
  const [manifest, { values }, { results }] = await Promise.all([
    run.readJson('manifest.json', manifestSchema),
    run.readJson('config.json', savedConfigSchema),
    run.readJson('summary.json', summarySchema),
  ]);
  return { manifest, values, results, events: run.metrics };
}
