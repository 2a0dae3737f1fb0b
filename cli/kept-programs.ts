import { existsSync, readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import envPaths from 'env-paths';
import type { ByteCache } from '../core/engine/types.js';
import { KeptFiles } from '../core/run/kept-files.js';
import { version } from '../core/version.js';

/**
 * Lets engines keep what they make of programs in the user's cache, for the next start of the same build of ncn.
 * `NCN_PROGRAM_CACHE=0` forbids it.
 */
export function keptPrograms(): { readonly cache?: ByteCache } {
  const bundle = resolve(import.meta.dirname, '../bundle');
  // What runs from its sources may have changed since.
  if (!existsSync(bundle) || process.env['NCN_PROGRAM_CACHE'] === '0') return {};
  const code = readdirSync(bundle).map((name) => join(bundle, name));
  const stamps = [fileURLToPath(import.meta.url), ...code].map((file) => {
    const { size, mtimeMs } = statSync(file);
    return [file, size, mtimeMs];
  });
  const folder = join(envPaths('ncn', { suffix: '' }).cache, 'programs');
  return { cache: new KeptFiles(folder, JSON.stringify([version, stamps])) };
}
