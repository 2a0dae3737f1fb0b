import { launcherOption, noSuchLauncher, notALauncher, takeLockSoon } from '../lab/errors/sweep.js';
import { NcnError } from '../core/errors/error.js';
import { parseOverride } from '../core/experiment/override.js';
import { faultOf } from '../core/experiment/options.js';
import { unflatten } from '../core/experiment/paths.js';
import { describeTypes } from '../core/experiment/types-of.js';
import { jsonSchema } from '../core/experiment/units.js';
import { localLauncher } from '../lab/launch/local.js';
import type { JsonValue } from '../core/run/json.js';
import type { ChosenLauncher } from '../lab/sweep/submit.js';
import type { SweepLockOptions } from '../lab/sweep/sweep-lock.js';
import type { PluginLoader } from '../core/plugins/loader.js';

export interface LauncherOptions {
  /** Plugin: name, path or package. */
  readonly launcher?: string;
  /** `option=value` of the launcher. */
  readonly launcherSet?: readonly string[];
  /** Seconds without a sign of life of a lock's holder elsewhere; true: as many as are safe. */
  readonly takeLock?: number | boolean;
}

/** Longer than NFS clients show what was there before (`acdirmax`, 60 s by default). */
const safeSilence = 90;

/** A holder that lives gives a sign of life every two seconds, if its file system lets it. */
const leastSilence = 10;

/**
 * What the user says about a lock that another machine holds.
 * @throws NcnError `NCN_SWEEP_TAKE_LOCK` where one that lives could be taken for gone
 */
export function lockOptionsOf({ takeLock }: LauncherOptions): SweepLockOptions {
  if (takeLock === undefined || takeLock === false) return {};
  if (takeLock === true) return { takeAfter: safeSilence };
  if (takeLock < leastSilence) throw takeLockSoon(takeLock, leastSilence);
  return { takeAfter: takeLock };
}

const local = 'launcher.local';

/** A plugin's name, `slurm` for `launcher.slurm`, or a path, which a command elsewhere finds, too. */
async function specOf(given: string, loader: PluginLoader): Promise<string> {
  const known = (await loader.listBuiltIn()).map(({ plugin }) => plugin.name);
  if (known.includes(`launcher.${given}`)) return `launcher.${given}`;
  return loader.fileOf(given) ?? given;
}

/**
 * What runs the jobs of a sweep: the plugin that the command line names, or this machine.
 * @throws NcnError where the plugin does not load or offers no launcher, and for bad options
 */
export async function launcherOf(
  { launcher: spec, launcherSet = [] }: LauncherOptions,
  loader: PluginLoader,
): Promise<ChosenLauncher> {
  // Sweeps do without the plugin, as everything does without one that it does not name.
  if (spec === undefined && launcherSet.length === 0) {
    return { launcher: localLauncher, plugin: local, options: {} };
  }
  const given = unflatten(launcherSet.map((text) => parseOverride(text)));
  if (spec === undefined) return makeLauncher(local, given, loader);
  try {
    return await makeLauncher(await specOf(spec, loader), given, loader);
  } catch (error) {
    if (!(error instanceof NcnError && error.code === 'NCN_PLUGIN_NOT_FOUND')) throw error;
    const own = (await loader.listBuiltIn()).filter(({ plugin }) => plugin.launcher !== undefined);
    const short = spec.startsWith('launcher.') ? '' : 'launcher.';
    const names = own.map(({ plugin }) => plugin.name.replace(short, ''));
    throw noSuchLauncher(spec, names, error);
  }
}

/**
 * Makes a launcher of a plugin and its options, as they stand in a ledger.
 * @throws NcnError where the plugin does not load or offers no launcher, and for bad options
 */
export async function makeLauncher(
  spec: string,
  given: JsonValue,
  loader: PluginLoader,
): Promise<ChosenLauncher> {
  const { plugin } = await loader.load(spec);
  const { name, launcher, options } = plugin;
  if (launcher === undefined) {
    const all = await loader.listBuiltIn();
    throw notALauncher(
      name,
      all.map((each) => each.plugin).filter((each) => each.launcher),
    );
  }
  const fault = faultOf(options, given);
  if (fault === undefined) return { launcher: launcher(given), plugin: spec, options: given };
  const names = [...describeTypes(jsonSchema(options), '').keys()];
  const problem = fault.unknown ? 'there is no such option' : fault.message;
  throw launcherOption(name, fault.path, problem, names);
}
