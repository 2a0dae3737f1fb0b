import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { extname, isAbsolute, join, resolve } from 'node:path';
import { createJiti } from 'jiti';
import { notAPlugin, pluginDidNotLoad, pluginNotFound } from '../errors/plugin.js';
import { importDefault, ModuleFolder } from '../modules/folder.js';
import type { Plugin } from './plugin.js';

export interface LoadedPlugin {
  readonly plugin: Plugin;
  readonly file: string;
  /** How it was asked for: a name, a path or a package. */
  readonly spec: string;
}

export function isPlugin(value: unknown): value is Plugin {
  return typeof value === 'object' && value !== null && Reflect.get(value, 'ncnPlugin') === 1;
}

/** Finds plugins by first-party name, by path (JavaScript or TypeScript), or by package name. */
export class PluginLoader {
  private readonly builtIn = new ModuleFolder('plugins');
  private readonly cache = new Map<string, Promise<LoadedPlugin>>();

  /**
   * @param host what `import … from 'ncn'` gives to plugins outside the package: this very copy
   * @param cwd folder that relative paths and packages are looked up from
   */
  constructor(
    private readonly host: object,
    private readonly cwd: string = process.cwd(),
  ) {}

  /** @throws NcnError when it is not found, does not load, or is not a plugin */
  load(spec: string): Promise<LoadedPlugin> {
    let pending = this.cache.get(spec);
    if (pending === undefined) {
      pending = this.loadAfresh(spec);
      this.cache.set(spec, pending);
    }
    return pending;
  }

  /** Every first-party plugin. */
  async listBuiltIn(): Promise<LoadedPlugin[]> {
    const found: LoadedPlugin[] = [];
    for (const [spec, file] of this.builtIn.list()) {
      const plugin = await importDefault(file);
      if (isPlugin(plugin)) found.push({ plugin, file, spec });
    }
    return found;
  }

  private async loadAfresh(spec: string): Promise<LoadedPlugin> {
    const file = this.locate(spec);
    let found: unknown;
    try {
      found =
        this.builtIn.find(spec) === file
          ? await importDefault(file)
          : await this.importForeign(file);
    } catch (error) {
      throw pluginDidNotLoad(spec, file, error);
    }
    if (!isPlugin(found)) throw notAPlugin(spec, file, describe(found));
    return { plugin: found, file, spec };
  }

  private locate(spec: string): string {
    const searched: string[] = [];
    if (!spec.startsWith('.') && !isAbsolute(spec)) {
      const builtIn = this.builtIn.find(spec);
      if (builtIn !== undefined) return builtIn;
      searched.push('the plugins of ncn');
    }
    for (const candidate of candidates(resolve(this.cwd, spec))) {
      if (existsSync(candidate) && extname(candidate) !== '') return candidate;
    }
    searched.push(`files ${resolve(this.cwd, spec)}[.ts|.js|.mjs] or index files in it`);
    if (!spec.startsWith('.') && !isAbsolute(spec)) {
      try {
        return createRequire(join(this.cwd, 'package.json')).resolve(spec);
      } catch {
        searched.push(`the package '${spec}' in node_modules of ${this.cwd}`);
      }
    }
    throw pluginNotFound(spec, this.builtIn.list().keys(), searched);
  }

  private async importForeign(file: string): Promise<unknown> {
    const jiti = createJiti(file, { virtualModules: { ncn: this.host }, interopDefault: true });
    const module: unknown = await jiti.import(file);
    return typeof module === 'object' && module !== null
      ? (Reflect.get(module, 'default') ?? module)
      : module;
  }
}

function candidates(base: string): string[] {
  const extensions = ['.ts', '.mts', '.js', '.mjs', '.cjs'];
  return [
    base,
    ...extensions.map((extension) => base + extension),
    ...extensions.map((extension) => join(base, `index${extension}`)),
    ...extensions.map((extension) => join(base, 'src', `index${extension}`)),
  ];
}

function describe(found: unknown): string {
  if (found === undefined) return 'it has no default export';
  if (typeof found !== 'object' || found === null) return `its default export is a ${typeof found}`;
  return 'its default export was not made by definePlugin';
}
