import { configFileAbove, hasConfigFile } from '../core/experiment/config-file.js';
import { PresetLibrary } from '../core/experiment/library.js';
import { readAhead } from './ahead.js';
import { presetNotNamed } from './errors/usage.js';

/**
 * Finds names that lead nowhere before the modules of a command are loaded, and begins to read what a run needs. A
 * configuration file may add names: where there is one, they are looked up later.
 * @param options of the command
 * @param isRun whether it begins a run: a preset must be named then
 * @throws NcnError for a preset or a profile that there is not
 */
export async function beginEarly(
  options: Readonly<Record<string, unknown>>,
  isRun: boolean,
): Promise<void> {
  const folder = process.cwd();
  const { preset, profile, configJson } = options;
  const mayAdd =
    configJson === undefined
      ? hasConfigFile(folder) || configFileAbove(folder) !== undefined
      : configJson !== '{}';
  if (mayAdd) return;
  if (preset === undefined && isRun) throw presetNotNamed();
  if (typeof preset !== 'string' && typeof profile !== 'string') return;
  const library = await PresetLibrary.load();
  if (typeof preset === 'string') library.check(preset);
  if (typeof profile === 'string') library.profile(profile);
  if (typeof preset === 'string' && isRun) readAhead(library, preset, options);
}
