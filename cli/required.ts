/**
 * Packages of large files in CommonJS are required, not imported: to import one, Node parses its whole text once more
 * for the names that it exports (0.12 s of tf.js), which are written down here when the package is built. It is the
 * same copy: both ways share Node's cache.
 */
import { createRequire } from 'node:module';
import type { Plugin } from 'rolldown';

const packages = ['tfjs-core', 'tfjs-backend-cpu', 'tfjs-backend-wasm'];
const require = createRequire(import.meta.url);

const nameOf = (id: string): string | undefined =>
  packages.find((name) => id === `@tensorflow/${name}`);

/** Whether a module is one of these packages. */
export const isRequired = (id: string): boolean => nameOf(id) !== undefined;

/** What imports the packages imports these in their place, as `imports` of package.json says. */
export const requiring: Plugin = {
  name: 'requiring',
  resolveId(id) {
    const name = nameOf(id);
    return name === undefined ? null : { id: `#${name}`, external: true };
  },
};

/** For each package: a file's name, and what it says. */
export function required(): [string, string][] {
  return packages.map((name) => {
    const all: unknown = require(`@tensorflow/${name}`);
    const names = typeof all === 'object' && all !== null ? Object.keys(all) : [];
    const lines = [
      `import { createRequire } from 'node:module';`,
      `const _package = createRequire(import.meta.url)('@tensorflow/${name}');`,
      `export const { ${names.filter((each) => /^[A-Za-z$]\w*$/.test(each)).join(', ')} } = _package;`,
    ];
    return [`${name}.js`, `${lines.join('\n')}\n`];
  });
}
