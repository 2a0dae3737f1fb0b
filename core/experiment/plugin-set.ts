import { missingRequirement, unknownPath } from '../errors/config.js';
import { pluginConflict } from '../errors/loading.js';
import { badContribution, duplicatePlugin } from '../errors/plugin.js';
import type { LoadedPlugin, PluginLoader } from '../plugins/loader.js';
import { coreOptions } from './core-options.js';

/** The plugins of an experiment while they are gathered. */
export class PluginSet {
  private readonly found = new Map<string, LoadedPlugin>();

  constructor(private readonly loader: PluginLoader) {}

  /**
   * @param base folder that a relative path is looked up from
   * @throws NcnError where it does not load, or another of its name is there already
   */
  async add(spec: string, base?: string): Promise<LoadedPlugin> {
    const loaded = await this.loader.load(spec, base);
    const { name } = loaded.plugin;
    const known = this.found.get(name);
    if (known !== undefined && known.file !== loaded.file) {
      throw duplicatePlugin(name, known.file, loaded.file);
    }
    this.found.set(name, loaded);
    return loaded;
  }

  /**
   * All of them, less those that others replace and those to be left out. Of two that replace each
   * other, the one that was added last stays.
   * @throws NcnError where one lacks another, or two do not go together
   */
  complete(without: readonly string[] = []): LoadedPlugin[] {
    const added = new Set(this.found.keys());
    for (const { plugin } of [...this.found.values()].reverse()) {
      if (!this.found.has(plugin.name)) continue;
      for (const gone of plugin.replaces) this.found.delete(gone);
    }
    for (const gone of without) {
      if (!this.found.delete(gone) && !added.has(gone))
        throw unknownPath(gone, '--without', this.found.keys());
    }
    const plugins = [...this.found.values()];
    checkTogether(plugins);
    return plugins;
  }
}

function checkTogether(plugins: readonly LoadedPlugin[]): void {
  const names = new Set(plugins.map(({ plugin }) => plugin.name));
  for (const { plugin } of plugins) {
    for (const required of plugin.requires) {
      if (!names.has(required)) throw missingRequirement(plugin.name, required);
    }
    for (const other of plugin.conflicts) {
      if (names.has(other)) throw pluginConflict(plugin.name, other);
    }
    const inside = [...names].find((name) => name.startsWith(`${plugin.name}.`));
    if (inside !== undefined) {
      throw badContribution(
        `Plugins '${plugin.name}' and '${inside}' share a configuration path.`,
        'A plugin may not be named like the beginning of another.',
      );
    }
    if (Object.keys(coreOptions.shape).includes(plugin.name)) {
      throw badContribution(
        `Plugin '${plugin.name}' is named like a value of the core.`,
        'Rename it.',
      );
    }
  }
}
