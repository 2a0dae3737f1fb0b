import { rename } from 'node:fs/promises';
import { basename } from 'node:path';
import { messageOf } from '../errors/error.js';
import { fileSystemRefused, systemCode } from '../errors/run.js';
import { writeFileAtomic } from '../run/atomic.js';
import { isCorrupt } from '../run/checkpoint-files.js';
import { CheckpointStore, type Checkpoint } from '../run/checkpoints.js';
import type { RunDirectory } from '../run/directory.js';
import { salvageEvents } from '../run/eventlog.js';
import { canonicalJsonLine } from '../run/json.js';
import { prefixFault } from '../run/prefix.js';
import type { RunLog } from '../services/log.js';
import { newestCheckpoint } from './run.js';

/** Where a run goes on. */
export interface ResumePoint {
  readonly checkpoint: Checkpoint | undefined;
  /** Whether `metrics.jsonl` had to be made anew. */
  readonly rebuilt: boolean;
}

/**
 * The newest checkpoint that is whole and that `metrics.jsonl` reaches up to unharmed, so that the
 * run ends as if nothing had happened. Where no checkpoint has such a log, the newest one with what
 * can be read of the log.
 */
export async function resumePoint(directory: RunDirectory, log: RunLog): Promise<ResumePoint> {
  const newest = await newestCheckpoint(directory, log);
  if (newest === undefined) {
    log.logger.warn('the run has no checkpoint yet: it starts from the beginning');
  }
  if (newest?.metrics === undefined) return { checkpoint: newest, rebuilt: false };
  const fault = await prefixFault(directory.metrics, newest.metrics);
  if (fault === undefined) return { checkpoint: newest, rebuilt: false };
  const { logger } = log;
  logger.warn(`${directory.metrics} ${fault}`);
  const store = new CheckpointStore(directory.checkpoints);
  for (const entry of await store.list()) {
    if (entry.update >= newest.update) continue;
    const earlier = await store.load(entry).catch((error: unknown) => {
      if (isCorrupt(error)) return undefined;
      throw error;
    });
    if (earlier?.metrics === undefined) continue;
    if ((await prefixFault(directory.metrics, earlier.metrics)) !== undefined) continue;
    logger.warn(
      `Using the checkpoint of update ${earlier.update} instead of ${newest.update}: up to it the file is whole`,
    );
    return { checkpoint: earlier, rebuilt: false };
  }
  await rebuild(directory, newest.update, log);
  return { checkpoint: newest, rebuilt: true };
}

/** Puts the file aside, and begins one with its lines that can be read. */
async function rebuild(
  { metrics }: RunDirectory,
  update: number,
  { logger }: RunLog,
): Promise<void> {
  const { records, lost } = await salvageEvents(metrics, update);
  const aside = `${metrics}.damaged-${Date.now()}`;
  try {
    await rename(metrics, aside);
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') throw fileSystemRefused('rename', metrics, error);
  }
  // Whoever reads it must know that there was more.
  const gap = { type: 'gap', update };
  const text = [...records, gap].map((record) => `${canonicalJsonLine(record)}\n`).join('');
  await writeFileAtomic(metrics, text);
  logger.warn(
    `No checkpoint fits it: the run goes on after update ${update} with the ${records.length} of its lines that can be read${lost === undefined ? '' : ` (${messageOf(lost)})`}; what was there is kept as ${basename(aside)}`,
  );
}
