import { closeSync } from 'node:fs';
import { isatty } from 'node:tty';
import { hangupIgnored } from '../core/services/hangup.js';

/** Why standard output was lost, unless its reader just had enough. */
let lost: string | undefined;
/** Whether the command is done for what it says, not for what it does. */
let said = true;

/**
 * Keeps a process going whose terminal, or whoever reads its output, is gone: what is said is lost,
 * and nothing else. Ignores SIGHUP where whoever started the process wished so.
 */
export function outliveStreams(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE' || lost !== undefined) return;
    lost = error.message;
    process.stderr.write(`standard output: ${error.message}; the rest is not shown\n`);
  });
  process.stderr.on('error', () => undefined);
  // Node aborts at its end where it cannot set a terminal back that is gone.
  const terminals = [0, 1, 2].filter((stream) => isatty(stream));
  process.on('exit', () => {
    for (const stream of terminals) if (!isatty(stream)) closeSync(stream);
  });
  if (hangupIgnored()) process.on('SIGHUP', () => undefined);
}

/** Called by commands whose result is on the disk. */
export function outputIsByTheWay(): void {
  said = false;
}

/** Whether what the command was to say did not get to where it should. */
export const resultLost = (): boolean => said && lost !== undefined;
