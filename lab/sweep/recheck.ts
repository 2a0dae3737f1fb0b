import { join } from 'node:path';
import { RunDirectory } from '../../core/run/directory.js';
import { faultsOfFinished } from '../../core/run/finished.js';
import { isThere } from '../files.js';
import type { Ledger } from './ledger.js';

/**
 * Puts into the queue again what the ledger knows as done but whose run has lost its status or its results, so
 * that they are written anew. A damaged state or log of one is told: its results do not depend on them any
 * more. Runs that somebody moved away are left alone.
 * @param report is told which
 * @param options `statesToo`: whether states and logs are read, which takes time where there are many
 */
export async function requeueDamaged(
  ledger: Ledger,
  report: (message: string) => void,
  { statesToo = true }: { readonly statesToo?: boolean } = {},
): Promise<void> {
  for (const { job, state } of [...ledger.records.values()]) {
    if (state !== 'done') continue;
    const path = join(ledger.directory, job.name);
    const run = (await isThere(path)) ? await RunDirectory.at(path) : undefined;
    if (run === undefined) continue;
    let damage = 'Its status is missing; it is written anew.';
    const status = await run.readStatusIfSound((message) => (damage = message));
    if (status === undefined) {
      report(`${job.name}: ${damage}`);
      await ledger.requeued(job.number);
    } else if (statesToo) {
      for (const fault of await faultsOfFinished(run)) {
        report(`${job.name}: ${fault} The sweep goes by its results, in summary.json.`);
      }
    }
  }
}
