import { existsSync, readdirSync } from 'node:fs';
import { extname, join, relative, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { extension, root } from './entries.js';

/** A folder of the package that holds modules found by name: `plugins`, `presets`. */
export class ModuleFolder {
  readonly path: string;

  constructor(name: string) {
    this.path = join(root, name);
  }

  /** File of a dotted name: `loss.content` → `loss/content.js` or `loss/content/index.js`. */
  find(name: string): string | undefined {
    if (!/^[\w-]+(\.[\w-]+)*$/.test(name)) return undefined;
    const base = join(this.path, ...name.split('.'));
    return [`${base}${extension}`, join(base, `index${extension}`)].find((file) =>
      existsSync(file),
    );
  }

  /** All modules, as dotted names with their files. */
  list(): Map<string, string> {
    const found = new Map<string, string>();
    if (!existsSync(this.path)) return found;
    for (const entry of readdirSync(this.path, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile() || extname(entry.name) !== extension || entry.name.endsWith('.d.ts'))
        continue;
      const file = join(entry.parentPath, entry.name);
      const parts = relative(this.path, file).slice(0, -extension.length).split(sep);
      if (parts.at(-1) === 'index') parts.pop();
      found.set(parts.join('.'), file);
    }
    return new Map([...found].sort(([a], [b]) => (a < b ? -1 : 1)));
  }
}

/** Imports a module of this package and returns its default export. */
export async function importDefault(file: string): Promise<unknown> {
  const module: unknown = await import(pathToFileURL(file).href);
  return typeof module === 'object' && module !== null ? Reflect.get(module, 'default') : undefined;
}
