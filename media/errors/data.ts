import { wrong } from '../../core/errors/data.js';
import { ExitCode, messageOf, type NcnError } from '../../core/errors/error.js';

const DAMAGED = 'The file is damaged or incomplete: copy or download it again.';
const NOT_IMAGES =
  'Expected an IDX file of images: the bytes 00 00 08 03, then count, height and width as big-endian 32-bit integers, then one byte a pixel.';
const GET_MNIST =
  "'ncn data fetch' downloads MNIST; a folder that has it is named with --data DIR or NCN_DATA; '--dataset glyphs' needs no files.";

export const fileMissing = (path: string, expected: string): NcnError =>
  wrong('MISSING', `There is no file ${path}; expected ${expected}.`, {
    hint: 'Check the path.',
  });

export const folderMissing = (dir: string, found: string): NcnError =>
  wrong('NO_FOLDER', `Data folder ${dir} ${found}.`, {
    hint: 'Give a folder that has IDX files, with --data DIR or NCN_DATA.',
  });

export const filesMissing = (
  dir: string,
  wanted: string,
  missing: readonly string[],
  hint = GET_MNIST,
): NcnError =>
  wrong(
    'FILES_MISSING',
    `${dir} does not have ${wanted}: missing ${missing.join(' and ')} (plain or with .gz).`,
    { hint },
  );

export const fileUnreadable = (path: string, cause: unknown): NcnError =>
  wrong('UNREADABLE', `Cannot read ${path}: ${messageOf(cause)}`, {
    hint: 'Check that it is a file (or folder) that you may read.',
    cause,
  });

export const gzipTruncated = (path: string, cause: unknown): NcnError =>
  wrong('GZIP_TRUNCATED', `${path} ends in the middle of its gzip data.`, { hint: DAMAGED, cause });

export const gzipCorrupt = (path: string, cause: unknown): NcnError =>
  wrong('GZIP_CORRUPT', `${path} is not valid gzip data: ${messageOf(cause)}.`, {
    hint: DAMAGED,
    cause,
  });

/** @param limit the most bytes that were expected */
export const gzipTooLong = (path: string, limit: number): NcnError =>
  wrong(
    'TRAILING',
    `${path} is too long: its gzip data hold more than the ${limit} bytes that were expected.`,
    { hint: DAMAGED },
  );

export const idxEmpty = (path: string, what: string): NcnError =>
  wrong('EMPTY', `${path} has no images: ${what}.`, { hint: NOT_IMAGES });

export const idxMagic = (path: string, got: string): NcnError =>
  wrong('MAGIC', `${path} is not an IDX file: it starts with ${got}.`, { hint: NOT_IMAGES });

export const idxType = (path: string, got: string): NcnError =>
  wrong('TYPE', `${path} holds ${got}; expected unsigned bytes (type 08).`, { hint: NOT_IMAGES });

export const idxRank = (path: string, got: number): NcnError =>
  wrong(
    'RANK',
    `${path} has ${got} dimension${got === 1 ? '' : 's'}; expected 3 (count, height, width).`,
    { hint: got === 1 ? `This looks like a file of labels. ${NOT_IMAGES}` : NOT_IMAGES },
  );

export const idxTruncated = (path: string, got: number, expected: number, why: string): NcnError =>
  wrong('TRUNCATED', `${path} is cut off: ${got} bytes; expected ${expected} (${why}).`, {
    hint: DAMAGED,
  });

export const idxTrailing = (path: string, got: number, expected: number, why: string): NcnError =>
  wrong('TRAILING', `${path} is too long: ${got} bytes; expected ${expected} (${why}).`, {
    hint: DAMAGED,
  });

export const shapesDiffer = (name: string, train: string, test: string): NcnError =>
  wrong(
    'SHAPES_DIFFER',
    `Data set '${name}': the training images are ${train}, the test images ${test}; both must have the same height and width.`,
    { hint: 'Use files that belong together.' },
  );

export const hashMismatch = (path: string, expected: string, got: string): NcnError =>
  wrong(
    'HASH',
    `${path} is not MNIST's: its content (decompressed) has SHA-256 ${got}; expected ${expected}.`,
    {
      hint: "If this is another data set in IDX format, use '--dataset idx:DIR'. If it should be MNIST, the file is damaged: 'ncn data fetch' downloads it again.",
    },
  );

/** `reason` says where MNIST was looked for and why it could not be had. */
export const mnistUnavailable = (reason: string, cause?: unknown): NcnError =>
  wrong('MNIST_UNAVAILABLE', `MNIST is not available: ${reason}.`, {
    hint: GET_MNIST,
    ...(cause === undefined ? {} : { cause }),
  });

export const downloadFailed = (
  file: string,
  failures: readonly { readonly mirror: string; readonly why: string }[],
): NcnError =>
  wrong(
    'DOWNLOAD',
    failures.length === 0
      ? `Could not download ${file}: there is no mirror to ask.`
      : `Could not download ${file}: ${failures.map(({ mirror, why }) => `${mirror}: ${why}`).join('; ')}.`,
    {
      hint: 'Other mirrors are named with NCN_MNIST_MIRRORS (comma-separated addresses); files that you copied yourself, with --data DIR or NCN_DATA.',
    },
  );

export const notStored = (path: string, cause: unknown): NcnError =>
  wrong('NOT_STORED', `Cannot write ${path}: ${messageOf(cause)}`, {
    hint: 'Make that folder writable, or choose another cache with XDG_CACHE_HOME.',
    cause,
  });

export const idxWithoutFolder = (): NcnError =>
  wrong('IDX_FOLDER', "Data set 'idx' needs a folder.", {
    exit: ExitCode.usage,
    hint: "Give it as '--dataset idx:DIR' or with --data DIR.",
  });

export const twoFolders = (name: string, dir: string): NcnError =>
  wrong('TWO_FOLDERS', `Data set '${name}' names its folder, and --data names another: ${dir}.`, {
    exit: ExitCode.usage,
    hint: 'Leave one of them out.',
  });
