import { existsSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { z } from 'zod';

/** Where a file or folder that a run needs is: to be found again when its project is moved. */
export const placeSchema = z.object({ absolute: z.string(), relative: z.string() });

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
