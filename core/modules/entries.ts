import { existsSync } from 'node:fs';
import { extname, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** Sources and built files have the same layout, and differ in their extension. */
export const extension = extname(fileURLToPath(import.meta.url));
/** The folder of the package, or `dist` in it. */
export const root = resolve(fileURLToPath(import.meta.url), '../../..');

/** What can be imported of this package, and where it is: as in `exports` of package.json. */
const entries = {
  ncn: 'core/index',
  'ncn/engine': 'engines/compiled/index',
  'ncn/lab': 'lab/index',
  'ncn/media': 'media/index',
  'ncn/testing': 'lab/testing/index',
} as const;

let loaded: Promise<Record<string, unknown>> | undefined;

/**
 * Everything that `import … from 'ncn'`, `'ncn/media'`, … gives: this very copy, for modules from
 * outside the package. Loaded when first used.
 */
export function publicEntries(): Promise<Record<string, unknown>> {
  return (loaded ??= loadEntries());
}

async function loadEntries(): Promise<Record<string, unknown>> {
  const present = Object.entries(entries)
    .map(([name, place]) => [name, resolve(root, place + extension)] as const)
    .filter(([, file]) => existsSync(file));
  const modules = await Promise.all(
    present.map(async ([name, file]): Promise<[string, unknown]> => [
      name,
      await import(pathToFileURL(file).href),
    ]),
  );
  return Object.fromEntries(modules);
}
