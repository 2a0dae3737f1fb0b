import { ExitCode, NcnError } from '../../core/errors/error.js';

/** A plugin does not pass a check of the conformance kit. */
export const notConforming = (
  plugin: string,
  check: string,
  what: string,
  hint: string,
  cause?: unknown,
): NcnError =>
  new NcnError(`Plugin '${plugin}' fails the check '${check}': ${what}`, {
    code: 'NCN_CONFORMANCE',
    exit: ExitCode.plugin,
    hint,
    ...(cause === undefined ? {} : { cause }),
  });

/**
 * An experiment of the kit is not tiny.
 * @param phases name and updates of each
 * @param options paths of options that are numbers of updates, with their values
 */
export function experimentTooLong(
  plugin: string,
  phases: readonly (readonly [name: string, updates: number])[],
  options: readonly (readonly [path: string, updates: number])[],
): NcnError {
  const shown = phases.map(([name, updates]) => `${name} ${updates}`).join(', ');
  const values = options.map(([path]) => `'${path}': 2`).join(', ');
  return new NcnError(
    `The experiment in which '${plugin}' is tested is too long (phases: ${shown} updates): each check trains it several times.`,
    {
      code: 'NCN_CONFORMANCE_LONG',
      exit: ExitCode.plugin,
      hint: `Make what lengthens it small, such as { values: { ${values === '' ? "'my.option': 2" : values} } }.`,
    },
  );
}

/** A launcher does not do what every launcher must. */
export const launcherBroken = (what: string): NcnError =>
  new NcnError(`The launcher does not keep the contract: ${what}.`, {
    code: 'NCN_LAUNCHER_CONTRACT',
    exit: ExitCode.plugin,
    hint: 'What a launcher must do: the types Launcher and Submission, and docs/sweeps.md#other-launchers.',
  });
