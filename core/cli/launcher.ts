import { launcherOption, notALauncher } from '../errors/sweep.js';
import { problemOf } from '../experiment/issue.js';
import { parseOverride } from '../experiment/layers.js';
import { unflatten } from '../experiment/paths.js';
import { describeTypes } from '../experiment/types-of.js';
import { jsonSchema } from '../experiment/units.js';
import type { Launcher } from '../launch/launcher.js';
import { localLauncher } from '../launch/local.js';
import type { PluginLoader } from '../plugins/loader.js';

export interface LauncherOptions {
  /** Plugin: name, path or package. */
  readonly launcher?: string;
  /** `option=value` of the launcher. */
  readonly launcherSet?: readonly string[];
}

/**
 * What runs the jobs of a sweep: the plugin that the command line names, or this machine.
 * @throws NcnError where the plugin does not load or offers no launcher, and for bad options
 */
export async function launcherOf(
  { launcher: spec, launcherSet = [] }: LauncherOptions,
  loader: PluginLoader,
): Promise<Launcher> {
  if (spec === undefined && launcherSet.length === 0) return localLauncher;
  const { plugin } = await loader.load(spec ?? 'launcher.local');
  const { name, launcher, options } = plugin;
  if (launcher === undefined) {
    const all = await loader.listBuiltIn();
    throw notALauncher(
      name,
      all.map((each) => each.plugin).filter((each) => each.launcher),
    );
  }
  const given = unflatten(launcherSet.map((text) => parseOverride(text)));
  const result = options.safeParse(given);
  const [issue] = result.error?.issues ?? [];
  if (issue === undefined) return launcher(given);
  const names = [...describeTypes(jsonSchema(options), '').keys()];
  if (issue.code === 'unrecognized_keys') {
    const path = [...issue.path.map(String), issue.keys[0] ?? ''].join('.');
    throw launcherOption(name, path, 'there is no such option', names);
  }
  const { path, message } = problemOf(issue);
  throw launcherOption(name, path.join('.'), message, names);
}
