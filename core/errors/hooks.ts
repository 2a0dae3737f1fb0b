import { ExitCode, NcnError } from './error.js';
import { didYouMean } from './nearest.js';

const refused = (code: string, message: string, hint: string): NcnError =>
  new NcnError(message, { code, exit: ExitCode.plugin, hint });

export const unknownStage = (
  hook: string,
  plugin: string,
  stage: string,
  stages: Iterable<string>,
): NcnError =>
  refused(
    'NCN_HOOK_STAGE',
    `Plugin '${plugin}' taps hook '${hook}' at the unknown stage '${stage}'.`,
    didYouMean(stage, stages),
  );

/** A tap wants to run before or after a plugin that is not there. */
export const unknownNeighbour = (
  hook: string,
  plugin: string,
  relation: 'before' | 'after',
  name: string,
  plugins: Iterable<string>,
): NcnError =>
  refused(
    'NCN_HOOK_ORDER',
    `Plugin '${plugin}' wants to run ${relation} '${name}' in hook '${hook}', but no such plugin is loaded.`,
    didYouMean(name, plugins),
  );

/** @param plugins those whose taps would each have to run before themselves */
export const hookCycle = (hook: string, plugins: readonly string[]): NcnError =>
  refused(
    'NCN_HOOK_CYCLE',
    `The order of hook '${hook}' is a cycle between: ${plugins.join(', ')}.`,
    "Remove one of their 'before' or 'after' demands.",
  );
