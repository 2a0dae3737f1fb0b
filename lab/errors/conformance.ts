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
