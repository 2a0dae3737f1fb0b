import { z } from 'zod';

/** Values that belong to the core; everything else belongs to a plugin. */
export const coreOptions = z.strictObject({
  seed: z.int().nonnegative().default(1).describe('seed of every random stream'),
  startSeed: z
    .int()
    .nonnegative()
    .nullable()
    .default(null)
    .describe('seed of the initial weights alone; null: the seed'),
  updates: z.int().positive().describe('updates of the main phase'),
  batch: z.int().positive().describe('examples in a batch'),
  dataset: z
    .string()
    .default('auto')
    .describe('auto, or the name of a data set that a plugin offers'),
  data: z.string().nullable().default(null).describe('folder with the files of the data set'),
  engine: z.string().default('auto').describe('how the training step is executed'),
  threads: z.int().positive().nullable().default(null).describe('CPU threads of the engine'),
  hookTimeout: z
    .number()
    .positive()
    .default(300)
    .describe('seconds that a plugin may take in a hook'),
});

export type CoreOptions = z.output<typeof coreOptions>;

export const isCoreOption = (path: string): boolean => Object.hasOwn(coreOptions.shape, path);

/** Whether a value is part of another. A core value has no parts: `updates.paired` is a plugin. */
export const liesIn = (path: string, outer: string): boolean =>
  path.startsWith(`${outer}.`) && !isCoreOption(outer);
