import { isLostDevice } from './engine.js';
import { ExitCode, messageOf, NcnError } from './error.js';
import { didYouMeanSpec } from './nearest.js';
import { machineRefused } from './run.js';

/** A plugin threw inside a hook. Errors that already speak to people keep their code and exit. */
export function pluginThrew(plugin: string, hook: string, cause: unknown): NcnError {
  if (isLostDevice(cause)) return cause;
  const known = cause instanceof NcnError ? cause : machineRefused(cause);
  return new NcnError(`Plugin '${plugin}' failed in hook '${hook}': ${messageOf(cause)}`, {
    code: known?.code ?? 'NCN_PLUGIN_THREW',
    exit: known?.exit ?? ExitCode.plugin,
    ...(known?.hint === undefined ? {} : { hint: known.hint }),
    cause,
  });
}

export function pluginHung(plugin: string, hook: string, seconds: number): NcnError {
  return new NcnError(`Plugin '${plugin}' did not finish hook '${hook}' within ${seconds} s.`, {
    code: 'NCN_PLUGIN_HUNG',
    exit: ExitCode.plugin,
    hint: 'Its tap returned a promise that never settles. Give slow work a longer budget with --hook-timeout.',
  });
}

export function pluginNotFound(
  spec: string,
  names: Iterable<string>,
  searched: readonly string[],
  neighbours: Iterable<string>,
): NcnError {
  return new NcnError(`There is no plugin '${spec}'. Searched: ${searched.join('; ')}.`, {
    code: 'NCN_PLUGIN_NOT_FOUND',
    exit: ExitCode.usage,
    hint: didYouMeanSpec(spec, names, neighbours),
  });
}

/** @param cause of a search by what the run's configuration says of it */
export const pluginOfRunNotFound = (name: string, version: string, cause: NcnError): NcnError =>
  new NcnError(`The run was made with plugin '${name}' ${version}. ${cause.message}`, {
    code: cause.code,
    exit: cause.exit,
    hint: `Say where it is now: --plugin FILE, or, of an object in a program, openRun(RUN, { plugins: [OBJECT] }). ${cause.hint ?? ''}`.trim(),
    cause,
  });

export function pluginDidNotLoad(spec: string, file: string, cause: unknown): NcnError {
  const known = cause instanceof NcnError ? cause : undefined;
  return new NcnError(`Plugin '${spec}' (${file}) did not load: ${messageOf(cause)}`, {
    code: known?.code ?? 'NCN_PLUGIN_LOAD',
    exit: ExitCode.plugin,
    ...(known?.hint === undefined ? {} : { hint: known.hint }),
    cause,
  });
}

export function notAPlugin(spec: string, file: string, found: string): NcnError {
  return new NcnError(`'${spec}' (${file}) is not a plugin: ${found}.`, {
    code: 'NCN_PLUGIN_SHAPE',
    exit: ExitCode.plugin,
    hint: 'Export a plugin as default: `export default definePlugin({ name, version, options, setup })`.',
  });
}

export function duplicatePlugin(name: string, first: string, second: string): NcnError {
  return new NcnError(`Two plugins are named '${name}': ${first} and ${second}.`, {
    code: 'NCN_PLUGIN_DUPLICATE',
    exit: ExitCode.usage,
    hint: 'Rename one, or leave one out with --without.',
  });
}

/** A contribution clashes with, or lacks, another one. */
export function badContribution(message: string, hint?: string): NcnError {
  return new NcnError(message, {
    code: 'NCN_PLUGIN_CONTRIBUTION',
    exit: ExitCode.plugin,
    ...(hint === undefined ? {} : { hint }),
  });
}

/** What a checkpoint holds of a plugin is not what its schema asks for. */
export function badState(plugin: string, problem: string): NcnError {
  return new NcnError(
    `The checkpoint's state of plugin '${plugin}' does not have the form that the plugin declares: ${problem}.`,
    {
      code: 'NCN_PLUGIN_STATE',
      exit: ExitCode.plugin,
      hint: 'The plugin was changed since, or its schema is narrower than its state: anyNumber() takes NaN too. Leave it out with --without, or resume with the version that saved it.',
    },
  );
}

const named = (plugins: readonly string[]): string =>
  `Plugin${plugins.length === 1 ? '' : 's'} ${plugins.map((name) => `'${name}'`).join(', ')}`;

/** Something failed that no hook waits for: a promise, a timer. @param plugins whose it may be */
export function strayFailure(plugins: readonly string[], cause: unknown): NcnError {
  const known = cause instanceof NcnError ? cause : undefined;
  const who = plugins.length === 1 ? named(plugins) : `One of the p${named(plugins).slice(1)}`;
  return new NcnError(`${who} failed outside of its hooks: ${messageOf(cause)}`, {
    code: known?.code ?? 'NCN_PLUGIN_STRAY',
    exit: ExitCode.plugin,
    hint: 'A promise that nobody awaits, or a timer, threw. Await it in the hook, or catch what it throws.',
    cause,
  });
}

/** The process was ended by something other than ncn. @param plugins from outside */
export function processEnded(code: number, plugins: readonly string[]): NcnError {
  const who = plugins.length === 0 ? 'Something' : named(plugins);
  return new NcnError(
    `${who} ended the process (process.exit(${code})) before the command was through.`,
    {
      code: 'NCN_PLUGIN_EXIT',
      exit: ExitCode.plugin,
      hint: 'A plugin must not end the process: it throws an error, or asks for control.stop(reason).',
    },
  );
}

/** A module, or a hook, waits for what will never be. @param file that is being loaded */
export function processStuck(file: string | undefined): NcnError {
  const what =
    file === undefined
      ? 'The command waits for something that cannot happen any more.'
      : `Plugin ${file} is never loaded to its end: it awaits something that does not happen.`;
  return new NcnError(what, {
    code: 'NCN_PLUGIN_STUCK',
    exit: ExitCode.plugin,
    hint: 'Look for an `await` of a promise that nobody settles.',
  });
}
