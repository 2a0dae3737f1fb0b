import { createRequire } from 'node:module';

const here = createRequire(import.meta.url);

/** The package's version; its file is one level up in the sources, two in the built package. */
function readVersion(): string {
  for (const path of ['../package.json', '../../package.json']) {
    try {
      const found: unknown = here(path);
      if (typeof found === 'object' && found !== null && Reflect.get(found, 'name') === 'ncn') {
        return String(Reflect.get(found, 'version'));
      }
    } catch {
      // The other one, then.
    }
  }
  return 'unknown';
}

export const version = readVersion();
