import { join, relative } from 'node:path';
import type { HostTensors } from '../../engine/types.js';
import type { NcnError } from '../../errors/error.js';
import { trainingDiverged } from '../../errors/training.js';
import { writeFileAtomic } from '../../run/atomic.js';
import { CheckpointStore } from '../../run/checkpoints.js';
import type { RunDirectory } from '../../run/directory.js';
import { canonicalJsonLine } from '../../run/json.js';
import { writeSafetensors } from '../../run/safetensors.js';

export interface Divergence {
  readonly update: number;
  /** The numbers that are not finite. */
  readonly bad: ReadonlyMap<string, number>;
  readonly metrics: ReadonlyMap<string, number>;
  readonly scalars: ReadonlyMap<string, number>;
  /** The inputs of the update. */
  readonly batch: HostTensors;
}

const batchFile = 'divergence-batch.safetensors';

/**
 * Records a divergence in the run and makes the error that stops it: the update's numbers in
 * `divergence.json`, its inputs in `divergence-batch.safetensors`. The state that led there is the
 * last checkpoint, which the record names: from it the update can be replayed exactly.
 */
export async function diverged(run: RunDirectory, what: Divergence): Promise<NcnError> {
  const path = relative(process.cwd(), run.path) || run.path;
  const start = await new CheckpointStore(run.checkpoints).before(what.update);
  const updates = what.update - (start?.update ?? 0);
  const command = `ncn replay ${path} --update ${what.update}`;
  await writeSafetensors(join(run.path, batchFile), what.batch);
  const record = {
    update: what.update,
    notFinite: Object.fromEntries(what.bad),
    metrics: Object.fromEntries(what.metrics),
    scalars: Object.fromEntries(what.scalars),
    batch: batchFile,
    replay: {
      command: `ncn replay RUN --update ${what.update}`,
      checkpoint: start === undefined ? null : relative(run.path, start.path),
      updates,
    },
  };
  const file = join(run.path, 'divergence.json');
  await writeFileAtomic(file, `${canonicalJsonLine(record)}\n`);
  const from = start === undefined ? 'the start' : `the checkpoint of update ${start.update}`;
  return trainingDiverged(what.update, what.bad, relative(process.cwd(), file), {
    command,
    updates,
    from,
  });
}
