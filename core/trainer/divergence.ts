import { join, relative } from 'node:path';
import { ExitCode, NcnError } from '../errors/error.js';
import { writeFileAtomic } from '../run/atomic.js';
import type { RunDirectory } from '../run/directory.js';
import { canonicalJsonLine } from '../run/json.js';

export interface Divergence {
  readonly update: number;
  /** The numbers that are not finite. */
  readonly bad: ReadonlyMap<string, number>;
  readonly metrics: ReadonlyMap<string, number>;
  readonly scalars: ReadonlyMap<string, number>;
}

/**
 * Records a divergence in the run (`divergence.json`) and makes the error that stops it. The
 * state that led there is the last checkpoint: from it the update can be replayed exactly.
 */
export async function diverged(run: RunDirectory, what: Divergence): Promise<NcnError> {
  const record = {
    update: what.update,
    notFinite: Object.fromEntries(what.bad),
    metrics: Object.fromEntries(what.metrics),
    scalars: Object.fromEntries(what.scalars),
  };
  const file = join(run.path, 'divergence.json');
  await writeFileAtomic(file, `${canonicalJsonLine(record)}\n`);
  const names = [...what.bad].map(([name, value]) => `${name} = ${String(value)}`).join(', ');
  const path = relative(process.cwd(), run.path) || run.path;
  return new NcnError(`Training diverged at update ${what.update}: ${names}.`, {
    code: 'NCN_DIVERGED',
    exit: ExitCode.diverged,
    hint: `See ${relative(process.cwd(), file)}. This replays the update from the last checkpoint: ncn replay ${path} --update ${what.update}`,
  });
}
