import { ExitCode, NcnError } from '../../core/errors/error.js';
import { didYouMean } from '../../core/errors/nearest.js';

const usage = (code: string, message: string, hint: string): NcnError =>
  new NcnError(message, { code, exit: ExitCode.usage, hint });

export const sweepNothing = (): NcnError =>
  usage(
    'NCN_SWEEP_NOTHING',
    'Which experiments? Name presets, or the folder of a sweep.',
    "Example: ncn sweep --presets 'dcgans_*' --seeds 3 --profile quick; or ncn sweep --dir runs/sweep-1a2b3c4d.",
  );

export const sweepNoMatch = (pattern: string, names: readonly string[]): NcnError =>
  usage(
    'NCN_SWEEP_NO_MATCH',
    `No preset matches '${pattern.length > 100 ? `${pattern.slice(0, 100)}…` : pattern}'.`,
    `${didYouMean(pattern, names)} Patterns may use * and ?; 'ncn presets' lists the names.`,
  );

export const sweepSeeds = (text: string): NcnError =>
  usage(
    'NCN_SWEEP_SEEDS',
    `'${text}' does not say which seeds.`,
    'Give a number of seeds (3: seeds 1, 2, 3), a list (4,7,9) or a range (4..6).',
  );

export const sweepValues = (text: string): NcnError =>
  usage(
    'NCN_SWEEP_VALUES',
    `'${text}' lists an empty value.`,
    'Example: --set loss.adversarial.weight=0.001,0.01,0.1; commas inside [], {} or "" do not separate.',
  );

export const sweepTwice = (path: string): NcnError =>
  usage('NCN_SWEEP_TWICE', `'${path}' is set twice.`, 'List all its values in one --set.');

/** @param path of a value that a sweep gives its jobs in its own way, by an option */
export const sweepOwnPath = (path: string, option: string): NcnError =>
  usage('NCN_SWEEP_SEED_PATH', `The ${path} of a sweep's jobs is not a --set.`, `Use ${option}.`);

const idleOption = (options: string, why: string, hint: string): NcnError =>
  usage('NCN_SWEEP_OPTION', `${options}: ${why}.`, hint);

/** @param options with their dashes */
export const sweepWithoutMatrix = (options: readonly string[]): NcnError =>
  idleOption(
    options.join(', '),
    'without --presets no jobs are asked for, and those that the sweep has stay as they are',
    'Name the presets, too, or leave this out to continue the sweep.',
  );

/** @param options with their dashes */
export const sweepNotHere = (options: readonly string[], launcher: string): NcnError =>
  idleOption(
    options.join(', '),
    `that is for jobs on this machine, and launcher ${launcher} hands them to others`,
    'Options of the launcher say it; of slurm: --launcher-set cpus=4 (which are the threads, too), --launcher-set gres=gpu:1.',
  );

export const sweepTrace = (): NcnError =>
  idleOption(
    '--trace-hooks',
    "a sweep's jobs do not print their hooks",
    'Trace one run: ncn run --preset NAME --trace-hooks.',
  );

export const sweepCount = (option: string, text: string): NcnError =>
  usage('NCN_SWEEP_COUNT', `${option} ${text}: a whole number from 1 on was expected.`, '');

/** Less than the time in which every holder that lives gives a sign of life. */
export const takeLockSoon = (given: number, least: number): NcnError =>
  usage(
    'NCN_SWEEP_TAKE_LOCK',
    `--take-lock ${given}: in less than ${least} seconds, one that lives may give no sign of life.`,
    `Give ${least} or more, and more than the shared file system shows old contents; without a number it is 90.`,
  );

export const notASweep = (path: string): NcnError =>
  new NcnError(`${path} is not the folder of a sweep: it has no ledger.jsonl.`, {
    code: 'NCN_SWEEP_NOT_A_SWEEP',
    exit: ExitCode.run,
    hint: "'ncn sweep' says at its start which folder it uses.",
  });

export const sweepDirectoryTaken = (path: string): NcnError =>
  new NcnError(`${path} holds other files and no ledger: a sweep would mix with them.`, {
    code: 'NCN_SWEEP_NOT_EMPTY',
    exit: ExitCode.run,
    hint: 'Choose a new folder with --dir.',
  });

export const ledgerDamaged = (path: string, what: string): NcnError =>
  new NcnError(`${path} is not what ncn writes there: ${what}.`, {
    code: 'NCN_SWEEP_LEDGER',
    exit: ExitCode.run,
    hint: 'The file was edited or damaged. Restore it, or start in a new folder: the runs themselves are intact.',
  });

export const unknownJob = (number: string, known: readonly number[]): NcnError =>
  usage(
    'NCN_SWEEP_JOB',
    `There is no job '${number}'.`,
    known.length === 0 ? 'The sweep has none.' : `Jobs: 1 to ${Math.max(...known)}.`,
  );

export const notALauncher = (plugin: string, launchers: readonly { name: string }[]): NcnError =>
  new NcnError(`Plugin '${plugin}' offers no launcher.`, {
    code: 'NCN_SWEEP_NOT_A_LAUNCHER',
    exit: ExitCode.plugin,
    hint: `A launcher is made by \`launcher\` in definePlugin (docs/sweeps.md); ncn has: ${launchers.map(({ name }) => name).join(', ')}.`,
  });

/** @param names of ncn's own, as they are given: `slurm` */
export const noSuchLauncher = (
  given: string,
  names: readonly string[],
  cause: NcnError,
): NcnError =>
  new NcnError(cause.message.replace('There is no plugin', 'There is no launcher'), {
    ...{ code: cause.code, exit: cause.exit, cause },
    hint: `${didYouMean(given, names)} Others are plugins of their own: a path or a package.`,
  });

export const launcherOption = (
  launcher: string,
  path: string,
  problem: string,
  names: readonly string[],
): NcnError =>
  usage(
    'NCN_SWEEP_LAUNCHER_OPTION',
    `Option '${path}' of ${launcher}: ${problem}.`,
    `${names.includes(path) ? '' : `${didYouMean(path, names)} `}Give it as --launcher-set option=value.`,
  );

export const otherLauncher = (job: string, by: string, now: string): NcnError =>
  usage(
    'NCN_SWEEP_OTHER_LAUNCHER',
    `Job ${job} was started by the launcher '${by}' and has not ended as far as is known; this is '${now}'.`,
    'Continue or cancel the sweep with the launcher that it was started with (--launcher).',
  );

/** Another process holds the sweep's folder, and nothing shows that it is about to let go. */
export const sweepHeldElsewhere = (inUse: NcnError, directory: string): NcnError =>
  new NcnError(inUse.message, {
    code: inUse.code,
    exit: inUse.exit,
    hint: `Wait for it. If it was killed on another machine: the same command with --take-lock, which watches ${directory} for signs of life and takes the lock if there are none (docs/cluster.md).`,
  });

export const sweepLockLost = (directory: string): NcnError =>
  new NcnError(`Another process has taken over ${directory}: this one writes nothing more there.`, {
    code: 'NCN_SWEEP_LOCK_LOST',
    exit: ExitCode.run,
    hint: 'It gave no sign of life for longer than --take-lock waits, suspended perhaps. What it did until then is in the ledger.',
  });

/** @param kept null: none was named */
export const sweepOtherData = (directory: string, kept: string | null, given: string): NcnError =>
  usage(
    'NCN_SWEEP_DATA',
    kept === null
      ? `The jobs of ${directory} were asked for without --data; those that are left would train on ${given}, which may be other data.`
      : `The jobs of ${directory} train on the data in ${kept}; those that are left would train on ${given}.`,
    'Leave --data out to continue as it was begun, or choose a new folder for the sweep with --dir.',
  );

/** Nobody took the lock over, and yet it is not there. */
export const sweepLockGone = (lockFile: string): NcnError =>
  new NcnError(
    `${lockFile} is gone: this process writes nothing more there, as another may begin.`,
    {
      code: 'NCN_SWEEP_LOCK_GONE',
      exit: ExitCode.run,
      hint: 'The file, or the whole folder, was removed or moved while the sweep ran. If the folder is there, the same command continues it.',
    },
  );

/** The disk is full where a sweep keeps its ledger. */
export const sweepDiskFull = (full: NcnError): NcnError =>
  new NcnError(full.message, {
    ...{ code: full.code, exit: full.exit, cause: full },
    hint: 'Free some space on that file system, and give the same command again: the sweep goes on where it was.',
  });

/** The folder of a job is no run, and holds what nobody should lose. */
export const jobFolderTaken = (path: string): NcnError =>
  new NcnError(`${path} has no manifest.json, but more in it than a run that never began.`, {
    code: 'NCN_SWEEP_JOB_FOLDER',
    exit: ExitCode.run,
    hint: "Put the file back, or move the folder away to train the job anew; then queue it again with 'ncn sweep retry'.",
  });

export const studyOnOtherData = (
  own: readonly string[],
  folder: string,
  kept: readonly string[],
): NcnError =>
  usage(
    'NCN_STUDY_DATA',
    `These runs were made on ${own.join(', ')}, those that ${folder} keeps on ${kept.join(', ')}.`,
    'Write them to another folder (--write-docs DIR), or make them on the same data (--data DIR, or NCN_DATA).',
  );
