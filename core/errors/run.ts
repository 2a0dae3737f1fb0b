import { ExitCode, messageOf, NcnError } from './error.js';
import { didYouMean, nearest } from './nearest.js';

/** The `code` of a Node system error (`ENOENT`, …), or undefined for anything else. */
export function systemCode(thrown: unknown): string | undefined {
  return thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'string'
    ? thrown.code
    : undefined;
}

/**
 * What to throw when the file system refused: a system error becomes a message for people, with
 * the error as its cause; anything else (an NcnError, a bug) stays as it is.
 */
export function fileSystemRefused(action: string, path: string, thrown: unknown): Error {
  if (thrown instanceof NcnError) return thrown;
  const code = systemCode(thrown);
  switch (code) {
    case undefined:
      return thrown instanceof Error ? thrown : new Error(String(thrown));
    case 'ENOSPC':
    case 'EDQUOT':
      return diskFull(action, path, thrown);
    case 'EACCES':
    case 'EPERM':
      return notPermitted(action, path, thrown);
    case 'EROFS':
      return readOnlyFileSystem(action, path, thrown);
    case 'ENOENT':
      return pathMissing(action, path, thrown);
    case 'ENOTDIR':
      return notADirectory(action, path, thrown);
    default:
      return ioFailed(action, path, thrown);
  }
}

/** What no code can help: the disk, the file system, the number of open files. */
const ofMachine = new Set(['ENOSPC', 'EDQUOT', 'EROFS', 'EIO', 'EFBIG', 'EMFILE', 'ENFILE']);

/** The error of the machine in something that others threw; undefined where it is something else. */
export function machineRefused(thrown: unknown): NcnError | undefined {
  if (!ofMachine.has(systemCode(thrown) ?? '')) return undefined;
  const path = thrown instanceof Error && 'path' in thrown ? String(thrown.path) : 'a file';
  const refused = fileSystemRefused('use', path, thrown);
  return refused instanceof NcnError ? refused : undefined;
}

function diskFull(action: string, path: string, cause: unknown): NcnError {
  return new NcnError(`Cannot ${action} ${path}: the disk or the quota is full.`, {
    code: 'NCN_RUN_DISK_FULL',
    exit: ExitCode.run,
    hint: 'Free some space on that file system and resume the run: what was saved before is intact. Keeping fewer checkpoints needs less.',
    cause,
  });
}

function notPermitted(action: string, path: string, cause: unknown): NcnError {
  return new NcnError(`Cannot ${action} ${path}: permission denied.`, {
    code: 'NCN_RUN_PERMISSION',
    exit: ExitCode.run,
    hint: 'Change the owner or the permissions of that folder, or choose another one for the run.',
    cause,
  });
}

function readOnlyFileSystem(action: string, path: string, cause: unknown): NcnError {
  return new NcnError(`Cannot ${action} ${path}: the file system is read-only.`, {
    code: 'NCN_RUN_READ_ONLY',
    exit: ExitCode.run,
    hint: 'Choose a folder on a writable file system, or mount this one writable.',
    cause,
  });
}

function pathMissing(action: string, path: string, cause: unknown): NcnError {
  return new NcnError(`Cannot ${action} ${path}: it, or a folder on the way to it, is missing.`, {
    code: 'NCN_RUN_MISSING',
    exit: ExitCode.run,
    hint: 'Check the path; something may have moved or removed the run directory while it was in use.',
    cause,
  });
}

function notADirectory(action: string, path: string, cause: unknown): NcnError {
  return new NcnError(`Cannot ${action} ${path}: part of this path is a file, not a folder.`, {
    code: 'NCN_RUN_NOT_A_DIRECTORY',
    exit: ExitCode.run,
    hint: 'Choose another folder, or move that file away.',
    cause,
  });
}

function ioFailed(action: string, path: string, cause: unknown): NcnError {
  return new NcnError(`Cannot ${action} ${path}: ${messageOf(cause)}`, {
    code: 'NCN_RUN_IO',
    exit: ExitCode.run,
    hint: 'This comes from the operating system; check the disk and the folder.',
    cause,
  });
}

/** A value that JSON cannot hold without loss. `path` leads to it: `plugins.ema.decay`. */
export function notJson(path: string, found: string): NcnError {
  return new NcnError(
    `${path === '' ? 'The value' : `'${path}'`} is ${found}, which JSON cannot hold.`,
    {
      code: 'NCN_RUN_NOT_JSON',
      exit: ExitCode.run,
      hint: 'What is saved must consist of null, booleans, finite numbers, strings, arrays and plain objects.',
    },
  );
}

export function invalidJsonFile(path: string, what: string, cause?: unknown): NcnError {
  return new NcnError(`${path} is not what ncn writes there: ${what}.`, {
    code: 'NCN_RUN_INVALID_JSON',
    exit: ExitCode.run,
    hint: 'The file was edited or damaged. Restore it, or start a new run.',
    cause,
  });
}

export function invalidTensor(name: string, what: string): NcnError {
  return new NcnError(`Tensor '${name}' cannot be saved: ${what}.`, {
    code: 'NCN_RUN_INVALID_TENSOR',
    exit: ExitCode.run,
  });
}

export function invalidSafetensors(path: string, what: string, cause?: unknown): NcnError {
  return new NcnError(`${path} is not a valid safetensors file: ${what}.`, {
    code: 'NCN_RUN_SAFETENSORS',
    exit: ExitCode.run,
    hint: 'The file is truncated, damaged, or was written in a variant that ncn does not read (it reads F32 only).',
    cause,
  });
}

/** What is on the disk is not what was written: nothing was replaced. */
export function writeNotVerified(path: string): NcnError {
  return new NcnError(`${path} does not read back as it was written.`, {
    code: 'NCN_RUN_NOT_VERIFIED',
    exit: ExitCode.run,
    hint: 'The disk or the memory of this machine may be failing. The checkpoint before is intact.',
  });
}

/** `file` is the damaged one inside the checkpoint. */
export function checkpointCorrupt(
  checkpoint: string,
  file: string,
  what: string,
  cause?: unknown,
): NcnError {
  return new NcnError(`Checkpoint ${checkpoint} is damaged: ${file}: ${what}.`, {
    code: 'NCN_RUN_CHECKPOINT_CORRUPT',
    exit: ExitCode.run,
    hint: 'Use another checkpoint of this run.',
    cause,
  });
}

export function checkpointTooNew(path: string, found: number, known: number): NcnError {
  return new NcnError(
    `${path} has format ${found}; this version of ncn reads format ${known} only.`,
    {
      code: 'NCN_RUN_CHECKPOINT_FORMAT',
      exit: ExitCode.run,
      hint: 'Use the version of ncn that wrote it.',
    },
  );
}

export function noCheckpoint(directory: string, damaged: readonly string[]): NcnError {
  const found =
    damaged.length === 0
      ? `There is no checkpoint in ${directory}.`
      : `No checkpoint in ${directory} can be used. ${damaged.join(' ')}`;
  return new NcnError(found, {
    code: 'NCN_RUN_NO_CHECKPOINT',
    exit: ExitCode.run,
    hint:
      damaged.length === 0
        ? 'The run stopped before its first checkpoint: start a new one.'
        : 'Restore one of them from a backup, or start a new run.',
  });
}

export function eventLogShort(path: string, bytes: number, expected: number): NcnError {
  return new NcnError(
    `${path} has ${bytes} bytes, but the checkpoint was taken at byte ${expected}: lines are missing.`,
    {
      code: 'NCN_RUN_LOG_SHORT',
      exit: ExitCode.run,
      hint: 'Restore the file, or resume from an earlier checkpoint.',
    },
  );
}

export function eventLogNotAtLine(path: string, position: number): NcnError {
  return new NcnError(`Byte ${position} of ${path} is not the end of a line.`, {
    code: 'NCN_RUN_LOG_POSITION',
    exit: ExitCode.run,
    hint: 'The file was edited or replaced after the checkpoint was taken. Restore it, or resume from an earlier checkpoint.',
  });
}

export function eventLogLine(path: string, line: number, what: string): NcnError {
  return new NcnError(`${path}, line ${line}: ${what}.`, {
    code: 'NCN_RUN_LOG_LINE',
    exit: ExitCode.run,
    hint: 'Only the last line may be torn; the file was edited or damaged.',
  });
}

export function directoryNotEmpty(path: string): NcnError {
  return new NcnError(`${path} is not empty: a new run would mix with what is there.`, {
    code: 'NCN_RUN_NOT_EMPTY',
    exit: ExitCode.run,
    hint: 'Choose a new folder, or resume the run that is there.',
  });
}

export function runNotFound(
  wanted: string,
  searched: readonly string[],
  names: readonly string[],
): NcnError {
  const near = nearest(wanted, names);
  return new NcnError(`There is no run '${wanted}'. Searched: ${searched.join('; ')}.`, {
    code: 'NCN_RUN_NOT_FOUND',
    exit: ExitCode.run,
    // A list of every run helps nobody once there are many.
    hint:
      near !== undefined || names.length <= 8
        ? didYouMean(wanted, names)
        : `There are ${names.length} others there.`,
  });
}

export function notARun(path: string, found: string, names: readonly string[]): NcnError {
  return new NcnError(`${path} is not a run: ${found}.`, {
    code: 'NCN_RUN_NOT_A_RUN',
    exit: ExitCode.run,
    hint:
      names.length === 0
        ? 'Give the folder of a run, such as runs/<date>-<preset>-<seed>.'
        : `It contains runs; give one of them: ${names.slice(0, 8).join(', ')}${names.length > 8 ? ', …' : ''}.`,
  });
}

/** Where a file of a run should be is a folder, a pipe or a device. */
export function notAFile(path: string): NcnError {
  return new NcnError(`${path} is no regular file.`, {
    code: 'NCN_RUN_NOT_A_FILE',
    exit: ExitCode.run,
    hint: 'Move it away: ncn keeps a file there.',
  });
}

/** `config.json` is not what the checkpoint was made with. */
export function configEdited(run: string, values: readonly string[]): NcnError {
  return new NcnError(
    `The configuration of ${run} was edited: its newest checkpoint was made with other values than config.json has now:\n${values.map((value) => `  ${value}`).join('\n')}`,
    {
      code: 'NCN_RUN_CONFIG_EDITED',
      exit: ExitCode.run,
      hint: 'Put them back. To go on with a changed value on purpose: ncn resume RUN --set path=value --accept-changes, which is recorded.',
    },
  );
}

/** What a command is to write into is a folder. */
export function outputIsFolder(path: string): NcnError {
  return new NcnError(`${path} is a folder: a file was expected.`, {
    code: 'NCN_OUTPUT_FOLDER',
    exit: ExitCode.usage,
    hint: 'Name a file in it.',
  });
}

/** A folder where a run was to begin, and did not. */
export function runNotBegun(path: string): NcnError {
  return new NcnError(
    `${path} is not a run: it has no manifest.json, since it was stopped before it began.`,
    {
      code: 'NCN_RUN_NOT_A_RUN',
      exit: ExitCode.run,
      hint: 'Nothing was trained. Start it again with the same command: the folder can be used.',
    },
  );
}
