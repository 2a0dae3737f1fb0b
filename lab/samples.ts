import { join } from 'node:path';
import { z } from 'zod';

/** How the pictures of a folder of samples are made up; `samples.json` in it. */
export const samplesSchema = z.strictObject({
  format: z.literal(1),
  /** Images in a picture, each height × width pixels, in rows of `columns`. */
  count: z.int().positive(),
  height: z.int().positive(),
  width: z.int().positive(),
  columns: z.int().positive(),
});

export type SamplesAbout = z.infer<typeof samplesSchema>;

/** Folder of the pictures of an evaluation: `reference.png`, …, `output-000001000.png`, …. */
export const samplesFolder = (run: string, evaluation: string): string =>
  join(run, 'samples', evaluation);

/** Name of the picture of the outputs at an update. */
export const sampleFile = (update: number): string =>
  `output-${String(update).padStart(9, '0')}.png`;

/** The update of a picture of outputs; undefined for any other file. */
export function sampleUpdate(file: string): number | undefined {
  const digits = /^output-(\d{9,15})\.png$/.exec(file)?.[1];
  return digits === undefined ? undefined : Number(digits);
}
