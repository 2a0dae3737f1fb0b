import { ExitCode, NcnError } from './error.js';
import { didYouMean, didYouMeanSpec, nearest } from './nearest.js';
import { didYouMeanPath } from './similar-path.js';

const usage = (code: string, message: string, hint?: string): NcnError =>
  new NcnError(message, { code, exit: ExitCode.usage, ...(hint === undefined ? {} : { hint }) });

export const unknownPreset = (
  name: string,
  names: Iterable<string>,
  searched: readonly string[] = [],
  neighbours: Iterable<string> = [],
): NcnError =>
  usage(
    'NCN_PRESET_UNKNOWN',
    `There is no preset '${name}'.${searched.length === 0 ? '' : ` Searched: ${searched.join('; ')}.`}`,
    `${didYouMeanSpec(name, names, neighbours)} 'ncn presets' lists them.`,
  );

export const unknownProfile = (name: string, names: Iterable<string>): NcnError =>
  usage('NCN_PROFILE_UNKNOWN', `There is no profile '${name}'.`, didYouMean(name, names));

export const unknownVariant = (preset: string, name: string, names: readonly string[]): NcnError =>
  usage(
    'NCN_VARIANT_UNKNOWN',
    `Preset '${preset}' has no variant '${name}'.`,
    names.length === 0 ? 'It has none.' : didYouMean(name, names),
  );

export const unknownPath = (path: string, origin: string, paths: Iterable<string>): NcnError =>
  usage(
    'NCN_CONFIG_UNKNOWN',
    `Unknown configuration value '${path}' (from ${origin}).`,
    `${didYouMeanPath(path, paths)} 'ncn config --preset NAME' lists all values of a preset.`,
  );

/** A value that neither the core nor any plugin of the experiment has a name for. */
export function unownedPath(path: string, origin: string, paths: Iterable<string>): NcnError {
  const known = [...paths];
  const owner = path.replace(/\.[^.]*$/, '');
  if (nearest(path, known) !== undefined || owner === path) return unknownPath(path, origin, known);
  return usage(
    'NCN_CONFIG_UNKNOWN',
    `Unknown configuration value '${path}' (from ${origin}).`,
    `This experiment has no plugin '${owner}': where there is one, add it with --plugin. 'ncn config --preset NAME' lists all values of a preset.`,
  );
}

export const badValue = (path: string, origin: string, got: unknown, problem: string): NcnError =>
  usage(
    'NCN_CONFIG_VALUE',
    `Bad value for '${path}' (from ${origin}): ${problem}. Got ${JSON.stringify(got)}.`,
    "'ncn config --preset NAME' shows the type of each value.",
  );

export const badOverride = (text: string): NcnError =>
  usage(
    'NCN_CONFIG_OVERRIDE',
    `'${text}' is not of the form path=value.`,
    'Example: --set loss.content.weight=0.5',
  );

export const nothingToScale = (): NcnError =>
  usage(
    'NCN_USAGE_SCALE',
    '--scale has nothing to scale to.',
    'It belongs to --updates: --updates 100 --scale keeps the ratios of all numbers of updates.',
  );

/** JSON has no number beyond the largest that a double holds, and makes it infinite. */
export const notANumber = (path: string): NcnError =>
  usage('NCN_CONFIG_OVERRIDE', `The number for '${path}' is too large: a double ends at 1.8e308.`);

export const tooDeep = (path: string, depth: number): NcnError =>
  usage(
    'NCN_CONFIG_OVERRIDE',
    `The value for '${path}' has lists within lists, more than ${depth} deep.`,
    'No option is so deep: check its brackets.',
  );

export const circularPreset = (names: readonly string[]): NcnError =>
  usage('NCN_PRESET_CYCLE', `Presets extend each other in a cycle: ${names.join(' → ')}.`);

export const missingRequirement = (plugin: string, required: string): NcnError =>
  usage(
    'NCN_PLUGIN_REQUIRES',
    `Plugin '${plugin}' needs the plugin '${required}', which is not loaded.`,
    `Add it with --plugin ${required}.`,
  );

export const pluginVersionChanged = (
  plugin: string,
  before: string,
  now: string,
  file: string,
): NcnError =>
  usage(
    'NCN_PLUGIN_VERSION',
    `The run was made with plugin '${plugin}' ${before}; ${file} is ${now}.`,
    'Resuming needs the same major version: install that one, or start a new run.',
  );

export const configChanged = (run: string, changes: readonly string[]): NcnError =>
  usage(
    'NCN_RESUME_CHANGED',
    `Resuming ${run} with a changed configuration would make another experiment of it:\n${changes.map((change) => `  ${change}`).join('\n')}`,
    'Leave the changes out, or insist with --accept-changes.',
  );

/** A file that an option names is another than the one that the run was made with. */
export const fileChanged = (path: string, file: string): NcnError =>
  new NcnError(
    `The run was made with another file: ${file}, which '${path}' names, has other contents now.`,
    {
      code: 'NCN_RESUME_DATA',
      exit: ExitCode.data,
      hint: `Name the same file, wherever it is now (--set ${path}=FILE), or insist with --accept-changes.`,
    },
  );

/** @param before the data set that the run was made on */
export function dataChanged(
  before: { readonly name: string; readonly hash: string },
  now: { readonly name: string; readonly hash: string; readonly source: string },
): NcnError {
  const short = (hash: string): string => hash.slice(0, 12);
  return new NcnError(
    `The run was made on other data: ${before.name} ${short(before.hash)}, now ${now.name} ${short(now.hash)} (${now.source}).`,
    {
      code: 'NCN_RESUME_DATA',
      exit: ExitCode.data,
      hint: 'Give the same data, or insist with --accept-changes.',
    },
  );
}
