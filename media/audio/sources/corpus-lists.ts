import { readFile } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { z } from 'zod';
import { messageOf } from '../../../core/errors/error.js';
import { firstIssue, parseJson } from '../../../core/run/json.js';
import { corpusInvalid, corpusMissing } from '../../errors/corpus.js';
import { fileUnreadable } from '../../errors/data.js';
import { errorCode } from '../../files/content.js';

/** A path below the corpus: lists of others must not lead elsewhere. */
const below = z
  .string()
  .min(1)
  .refine((path) => !isAbsolute(path) && !path.split(/[\\/]/).includes('..'), {
    error: 'it leads out of the folder',
  });

/** What files.json says of a sound; it may say more. */
const listed = z.looseObject({
  file: below,
  kind: z.string(),
  split: z.string(),
  bytes: z.int().nonnegative(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  seconds: z.number().nonnegative(),
  speaker: z.string().optional(),
  piece: z.string().optional(),
  attribution: z.string().optional(),
});

export type ListedSound = z.infer<typeof listed>;

export const filesJson = 'files.json';
export const splitsJson = 'splits.json';

/** @throws NcnError (`NCN_CORPUS_MISSING`, `_INVALID`, `NCN_DATA_UNREADABLE`) */
export const readFilesList = (dir: string): Promise<readonly ListedSound[]> =>
  readList(dir, filesJson, z.array(listed));

/** By kind and split, the files. @throws NcnError as {@link readFilesList} does */
export const readSplits = (dir: string): Promise<Record<string, Record<string, string[]>>> =>
  readList(dir, splitsJson, z.record(z.string(), z.record(z.string(), z.array(below))));

async function readList<T>(dir: string, name: string, schema: z.ZodType<T>): Promise<T> {
  const path = join(dir, name);
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(errorCode(error) ?? '')) throw corpusMissing(dir, name);
    throw fileUnreadable(path, error);
  }
  let content: unknown;
  try {
    content = parseJson(text);
  } catch (error) {
    throw corpusInvalid(path, messageOf(error));
  }
  const checked = schema.safeParse(content);
  if (!checked.success) throw corpusInvalid(path, firstIssue(checked.error));
  return checked.data;
}
