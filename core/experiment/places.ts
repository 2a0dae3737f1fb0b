import { createHash } from 'node:crypto';
import { closeSync, existsSync, openSync, readSync, statSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { z } from 'zod';
import { fileSystemRefused } from '../errors/run.js';

/** Where a file or folder that a run needs is: to be found again when its project is moved. */
export const placeSchema = z.object({
  absolute: z.string(),
  relative: z.string(),
  /** Of what a file holds that an option names: the same under another name is the same. */
  sha256: z.string().exactOptional(),
});

export type Place = z.infer<typeof placeSchema>;

/** @param path from the working directory @param directory of the run */
export function placeOf(path: string, directory: string): Place {
  const absolute = resolve(path);
  return { absolute, relative: relative(resolve(directory), absolute) };
}

/** The absolute path where it is now: beside the run where that came along, or where it was. */
export function foundAt(place: Place, directory: string): string | undefined {
  return [resolve(directory, place.relative), place.absolute].find((path) => existsSync(path));
}

/**
 * An option that names a file or a folder. A run finds it again after its project was moved, and a
 * file under another name is the same where its content is; what is in a folder is not compared. The
 * plugin resolves it against the working directory. A list of them is taken as it is.
 */
export const filePath = (): z.ZodString => z.string().min(1).meta({ unit: 'path' });

/** Whether an option's type, in words, is that of {@link filePath}. */
export const isPath = ({ type }: { readonly type: string }): boolean =>
  type.split(' | ').includes('path');

const chunkBytes = 4 << 20;

/** SHA-256 (hex) of a regular file's content; undefined of anything else. @throws NcnError */
export function contentOf(path: string): string | undefined {
  if (statSync(path, { throwIfNoEntry: false })?.isFile() !== true) return undefined;
  try {
    const file = openSync(path, 'r');
    try {
      const hash = createHash('sha256');
      const chunk = new Uint8Array(chunkBytes);
      for (;;) {
        const bytes = readSync(file, chunk);
        if (bytes === 0) return hash.digest('hex');
        hash.update(chunk.subarray(0, bytes));
      }
    } finally {
      closeSync(file);
    }
  } catch (error) {
    throw fileSystemRefused('read', path, error);
  }
}
