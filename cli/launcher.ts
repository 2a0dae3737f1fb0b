import { launcherOption, notALauncher } from '../lab/errors/sweep.js';
import { parseOverride } from '../core/experiment/override.js';
import { faultOf } from '../core/experiment/options.js';
import { unflatten } from '../core/experiment/paths.js';
import { describeTypes } from '../core/experiment/types-of.js';
import { jsonSchema } from '../core/experiment/units.js';
import type { Launcher } from '../core/plugins/launcher.js';
import { localLauncher } from '../lab/launch/local.js';
import type { PluginLoader } from '../core/plugins/loader.js';

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
  // Sweeps do without the plugin, as everything does without one that it does not name.
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
  const fault = faultOf(options, given);
  if (fault === undefined) return launcher(given);
  const names = [...describeTypes(jsonSchema(options), '').keys()];
  const problem = fault.unknown ? 'there is no such option' : fault.message;
  throw launcherOption(name, fault.path, problem, names);
}
