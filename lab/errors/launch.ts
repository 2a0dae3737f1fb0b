import { ExitCode, messageOf, NcnError } from '../../core/errors/error.js';

/** Nobody answered: what was asked may have been done or not. */
export const launcherSilent = (launcher: string, said: string): NcnError =>
  new NcnError(`${launcher} does not answer${said === '' ? '' : `: ${said}`}.`, {
    code: 'NCN_LAUNCHER_SILENT',
    exit: ExitCode.jobs,
    hint: 'Whether it was done is not known. The same command again finds out; nothing runs twice.',
  });

export const slurmMissing = (program: string): NcnError =>
  new NcnError(`There is no '${program}' on this machine.`, {
    code: 'NCN_SLURM_MISSING',
    exit: ExitCode.usage,
    hint: "Run it where Slurm's programs are: on a login node of the cluster, with the modules that it asks for.",
  });

export const slurmRefused = (program: string, said: string): NcnError =>
  new NcnError(`${program} refuses: ${said === '' ? 'it does not say why' : said}`, {
    code: 'NCN_SLURM_REFUSED',
    exit: ExitCode.usage,
    hint: "Options for it: --launcher-set partition=…, account=…, time=…, arraySize=… ('--dry-run' prints the script).",
  });

/** The machine did not start a job's process. */
export const jobNotStarted = (job: string, cause: unknown): NcnError =>
  new NcnError(`The process of job ${job} could not be started: ${messageOf(cause)}.`, {
    code: 'NCN_LAUNCHER_START',
    exit: ExitCode.jobs,
    hint: 'ENOENT: the program is gone, or the folder that the sweep was started in. EAGAIN, ENOMEM: too many processes, or no memory.',
    cause,
  });
