import { notAPlugin, pluginDidNotLoad, pluginNotFound } from '../errors/plugin.js';
import { importDefault, ModuleFolder } from '../modules/folder.js';
import { guests, importForeign, isPath, locateForeign, neighbours } from '../modules/foreign.js';
import { checkPlugin } from './check.js';
import type { Plugin } from './plugin.js';

export interface LoadedPlugin {
  readonly plugin: Plugin;
  readonly file: string;
  /** How it was asked for: a name, a path or a package. */
  readonly spec: string;
  /** How it was found. */
  readonly how: 'name' | 'path' | 'package' | 'given';
}

export function isPlugin(value: unknown): value is Plugin {
  return typeof value === 'object' && value !== null && Reflect.get(value, 'ncnPlugin') === 1;
}

/** Finds plugins by first-party name, by path (JavaScript or TypeScript), or by package name. */
export class PluginLoader {
  private readonly builtIn = new ModuleFolder('plugins');
  private readonly given = new Map<string, LoadedPlugin>();
  private readonly cache = new Map<string, Promise<LoadedPlugin>>();

  /** @param cwd folder that relative paths and packages are looked up from */
  constructor(private readonly cwd: string = process.cwd()) {}

  /** Names of the first-party plugins (and of the modules that they share). */
  get builtInNames(): Iterable<string> {
    return this.builtIn.list().keys();
  }

  /**
   * @param base folder that relative paths are looked up from, if not the loader's own
   * @throws NcnError when it is not found, does not load, or is not a plugin
   */
  load(spec: string, base: string = this.cwd): Promise<LoadedPlugin> {
    const given = this.given.get(spec);
    if (given !== undefined) return Promise.resolve(given);
    const key = `${base}\n${spec}`;
    let pending = this.cache.get(key);
    if (pending === undefined) {
      pending = this.loadAfresh(spec, base);
      this.cache.set(key, pending);
    }
    return pending;
  }

  /** Has `load(plugin.name)` give this very plugin, before any other of its name. */
  adopt(plugin: Plugin): LoadedPlugin {
    const file = `(plugin object '${plugin.name}')`;
    checkPlugin(plugin, file);
    const loaded: LoadedPlugin = { plugin, file, spec: plugin.name, how: 'given' };
    this.given.set(plugin.name, loaded);
    return loaded;
  }

  /** File of a plugin that is found by path; undefined for any other, and where there is none. */
  fileOf(spec: string): string | undefined {
    if (this.given.has(spec) || this.builtIn.find(spec) !== undefined) return undefined;
    const found = locateForeign(spec, this.cwd, []);
    return found?.how === 'path' ? found.file : undefined;
  }

  /** Every first-party plugin. */
  async listBuiltIn(): Promise<LoadedPlugin[]> {
    const found: LoadedPlugin[] = [];
    for (const [spec, file] of this.builtIn.list()) {
      const plugin = await importDefault(file);
      if (isPlugin(plugin)) found.push({ plugin, file, spec, how: 'name' });
    }
    return found;
  }

  private async loadAfresh(spec: string, base: string): Promise<LoadedPlugin> {
    const { file, how } = await this.locate(spec, base);
    let found: unknown;
    try {
      found = how === 'name' ? await importDefault(file) : await importForeign(file);
    } catch (error) {
      throw pluginDidNotLoad(spec, file, error);
    }
    if (!isPlugin(found)) throw notAPlugin(spec, file, describe(found));
    checkPlugin(found, file);
    if (how !== 'name') guests.set(file, found.name);
    return { plugin: found, file, spec, how };
  }

  private async locate(spec: string, base: string): Promise<Pick<LoadedPlugin, 'file' | 'how'>> {
    const searched: string[] = [];
    if (!isPath(spec)) {
      const file = this.builtIn.find(spec);
      if (file !== undefined) return { file, how: 'name' };
      searched.push('the plugins of ncn');
    }
    const found = locateForeign(spec, base, searched);
    if (found !== undefined) return found;
    const names = (await this.listBuiltIn()).map(({ plugin }) => plugin.name);
    throw pluginNotFound(spec, names, searched, neighbours(spec, base));
  }
}

function describe(found: unknown): string {
  if (found === undefined) return 'it has no default export';
  if (typeof found !== 'object' || found === null) return `its default export is a ${typeof found}`;
  if (Reflect.get(found, 'ncnPreset') === 1) return 'it is a preset: use it with --preset';
  return 'its default export was not made by definePlugin';
}
