import { isLostDevice } from './engine.js';
import { ExitCode, messageOf, NcnError } from './error.js';
import { machineRefused } from './run.js';

/** Errors that already name the contribution that failed. */
const named = new WeakSet();

/**
 * A function that a plugin contributed threw. Where one contribution runs another (a loss a
 * network, say), the inner one is named. Errors that already speak to people keep code and exit.
 */
export function contributionThrew(plugin: string, what: string, cause: unknown): NcnError {
  if (cause instanceof NcnError && named.has(cause)) return cause;
  if (isLostDevice(cause)) return cause;
  const known = cause instanceof NcnError ? cause : machineRefused(cause);
  const error = new NcnError(`Plugin '${plugin}' failed in its ${what}: ${messageOf(cause)}`, {
    code: known?.code ?? 'NCN_PLUGIN_THREW',
    exit: known?.exit ?? ExitCode.plugin,
    ...(known?.hint === undefined ? {} : { hint: known.hint }),
    cause,
  });
  named.add(error);
  return error;
}
