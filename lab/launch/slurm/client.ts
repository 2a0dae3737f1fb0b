import { execFile } from 'node:child_process';
import { systemCode } from '../../../core/errors/run.js';
import { launcherSilent, slurmMissing, slurmRefused } from '../../errors/launch.js';

/** How long an answer of the controller may take, in milliseconds. */
const patience = 60_000;
/** What Slurm's programs say where the controller does not answer, or not in time. */
const silence =
  /contact slurm controller|timed out|connection (refused|reset|failure|timeout)|zero bytes|socket (error|closed)|communication (error|failure|shutdown)|message (send|receive) failure|in standby mode/i;

/** Whether a message of a program of Slurm's means that nobody answered, and not that it said no. */
export const isSilence = (said: string): boolean => silence.test(said);

/**
 * Runs one of Slurm's programs.
 * @returns its standard output
 * @throws NcnError `NCN_LAUNCHER_SILENT` where the controller does not answer, `NCN_SLURM_MISSING`
 *   where the program is not installed, `NCN_SLURM_REFUSED` where it says no
 */
export function slurm(program: string, args: readonly string[]): Promise<string> {
  return new Promise((answer, fail) => {
    execFile(
      program,
      args,
      { timeout: patience, killSignal: 'SIGKILL', maxBuffer: 256 << 20 },
      (error, stdout, stderr) => {
        if (error === null) answer(stdout);
        else if (systemCode(error) === 'ENOENT') fail(slurmMissing(program));
        else if (error.killed === true || error.signal != null || isSilence(stderr)) {
          // Killed, by us or by anybody: it may have asked before.
          fail(launcherSilent('slurm', stderr.trim()));
        } else fail(slurmRefused(program, stderr.trim()));
      },
    );
  });
}
