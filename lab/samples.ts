import { join } from 'node:path';
import { z } from 'zod';

/** How one signal of an evaluation's examples is kept. */
const sampleRoleSchema = z.strictObject({
  /** A role of the batch, or what the field `output` names. */
  role: z.string(),
  /** For people. */
  label: z.string(),
  /** Name of its medium. */
  medium: z.string(),
  /** `player`: beside its pictures there is a file of each example, to be played. */
  kind: z.enum(['picture', 'player']),
  /** Of the files of examples; of a picture, that of its sheet. */
  mime: z.string(),
  extension: z.string().regex(/^\.[\w.-]+$/),
  /** Of one tile of a sheet. */
  width: z.int().positive(),
  height: z.int().positive(),
  channels: z.union([z.literal(1), z.literal(3)]),
});

/** What a folder of samples holds; `samples.json` in it. */
export const samplesSchema = z.strictObject({
  format: z.literal(2, {
    error: 'samples of this version were expected; those of ncn 0.1 are read by that version',
  }),
  /** Tiles of each sheet, in rows of `columns`. */
  count: z.int().positive(),
  columns: z.int().positive(),
  /** Which role is what the network gives: it has files for each update. */
  output: z.string(),
  /** In the order in which they are shown, the output last. */
  roles: z.array(sampleRoleSchema),
});

export type SampleRole = z.infer<typeof sampleRoleSchema>;
export type SamplesAbout = z.infer<typeof samplesSchema>;

/**
 * A role or an evaluation as the name of a file or folder, another one for each: what file systems
 * may not take, or take for more than a name, becomes its number (`a/b`: `a~2f~b`).
 */
export const roleFile = (role: string): string =>
  role.replaceAll(
    /^\.|[^\p{L}\p{N}_.-]/gu,
    (char) => `~${(char.codePointAt(0) ?? 0).toString(16)}~`,
  );

/** What {@link roleFile} made a name of. */
export const nameOfFile = (file: string): string =>
  file.replaceAll(/~([0-9a-f]{1,6})~/g, (all, hex: string) => {
    const code = parseInt(hex, 16);
    return code <= 0x10ffff ? String.fromCodePoint(code) : all;
  });

/** Whether it is the name of something in a folder, and leads nowhere else. */
export const isFileName = (name: string): boolean => /^(?!\.)[^/\\:\p{Cc}]+$/u.test(name);

/** Folder of the files of an evaluation. */
export const samplesFolder = (run: string, evaluation: string): string =>
  join(run, 'samples', roleFile(evaluation));

/** Name of the sheet of a role whose examples stay the same: `reference.png`. */
export const sheetFile = (role: string): string => `${roleFile(role)}.png`;

/** Name of the sheet of the outputs at an update: `output-000000100.png`. */
export const sampleFile = (update: number, output = 'output'): string =>
  sheetFile(atUpdate(output, update));

/**
 * Name of the file of one example: `input-0.wav`, `output-000000100-0.wav`.
 * @param index 0, 1, …
 * @param update of an output
 */
export const exampleFile = (
  { role, extension }: Pick<SampleRole, 'role' | 'extension'>,
  index: number,
  update?: number,
): string =>
  `${roleFile(update === undefined ? role : atUpdate(role, update))}-${index}${extension}`;

/** The update of a sheet of outputs; undefined for any other file. */
export function sampleUpdate(file: string, output = 'output'): number | undefined {
  const before = `${roleFile(output)}-`;
  if (!file.startsWith(before)) return undefined;
  const digits = /^(\d{9,15})\.png$/.exec(file.slice(before.length))?.[1];
  return digits === undefined ? undefined : Number(digits);
}

const atUpdate = (output: string, update: number): string =>
  `${output}-${String(update).padStart(9, '0')}`;
