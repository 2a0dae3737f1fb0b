import { existsSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { resolve } from 'node:path';
import { sweepOtherData } from '../lab/errors/sweep.js';
import { readSweepIfThere } from '../lab/sweep/ledger.js';

/**
 * The same options with the folder of the data that the sweep was begun with: its ledger knows it,
 * so that jobs that are started later train on what those before them did.
 * @throws NcnError (`NCN_SWEEP_DATA`) for another folder, unless the first is gone: it was moved
 */
export async function withData<Options extends { readonly data?: string }>(
  options: Options,
  directory: string,
): Promise<Options> {
  const { data: kept } = await readSweepIfThere(directory);
  if (options.data === undefined) {
    return typeof kept === 'string' ? { ...options, data: kept } : options;
  }
  const given = resolve(options.data);
  const moved = typeof kept === 'string' && !existsSync(kept);
  if (kept !== undefined && !moved && !(await isSame(kept, given))) {
    throw sweepOtherData(directory, kept, given);
  }
  return { ...options, data: given };
}

async function isSame(kept: string | null, given: string): Promise<boolean> {
  if (kept === null || kept === given) return kept !== null;
  const real = (path: string): Promise<string> => realpath(path).catch(() => path);
  return (await real(kept)) === (await real(given));
}
