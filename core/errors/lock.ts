import { ExitCode, NcnError } from './error.js';

export function runInUse(
  directory: string,
  holder: { readonly pid: number; readonly host: string; readonly since: string },
  sameHost: boolean,
  lockFile: string,
): NcnError {
  return new NcnError(
    `${directory} is in use by process ${holder.pid} on ${holder.host}, since ${holder.since}.`,
    {
      code: 'NCN_RUN_IN_USE',
      exit: ExitCode.run,
      hint: sameHost
        ? 'Wait for it, or stop it; it saves its state when asked to stop.'
        : `Whether it still runs cannot be seen from this machine. If it does not, remove ${lockFile}.`,
    },
  );
}

export function lockUnreadable(lockFile: string, what: string): NcnError {
  return new NcnError(`${lockFile} does not say who holds the run: ${what}.`, {
    code: 'NCN_RUN_LOCK_UNREADABLE',
    exit: ExitCode.run,
    hint: 'If no process uses this run, remove the file.',
  });
}

export function lockContended(lockFile: string): NcnError {
  return new NcnError(`${lockFile} kept changing hands while this process tried to take it.`, {
    code: 'NCN_RUN_LOCK_CONTENDED',
    exit: ExitCode.run,
    hint: 'Several processes are being started on the same run; start one.',
  });
}
