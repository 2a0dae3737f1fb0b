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

/** A launcher does not do what every launcher must. */
export const launcherBroken = (what: string): NcnError =>
  new NcnError(`The launcher does not keep the contract: ${what}.`, {
    code: 'NCN_LAUNCHER_CONTRACT',
    exit: ExitCode.plugin,
    hint: 'What a launcher must do: the types Launcher and Submission, and docs/sweeps.md#other-launchers.',
  });
