import { configFileAbove, hasConfigFile } from '../core/experiment/config-file.js';
import { PresetLibrary } from '../core/experiment/library.js';
import { presetNotNamed } from './errors/usage.js';

/**
 * Finds names that lead nowhere before the modules of a command are loaded. A configuration file may
 * add some: where there is one, they are looked up later.
 * @param required whether a preset must be named
 * @throws NcnError for a preset or a profile that there is not
 */
export async function checkNames(
  preset: unknown,
  profile: unknown,
  required: boolean,
): Promise<void> {
  const folder = process.cwd();
  if (hasConfigFile(folder) || configFileAbove(folder) !== undefined) return;
  if (preset === undefined && required) throw presetNotNamed();
  if (typeof preset !== 'string' && typeof profile !== 'string') return;
  const library = await PresetLibrary.load();
  if (typeof preset === 'string') library.check(preset);
  if (typeof profile === 'string') library.profile(profile);
}
