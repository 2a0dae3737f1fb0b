import { z } from 'zod';

/** `manifest.json`: what was run, on what, by which versions. */
export const manifestSchema = z.object({
  format: z.literal(1),
  ncn: z.string(),
  preset: z.string(),
  profile: z.string(),
  variant: z.string().nullable(),
  seed: z.int(),
  created: z.string(),
  commandLine: z.array(z.string()),
  gitCommit: z.string().nullable(),
  engine: z.object({ name: z.string(), version: z.string(), device: z.string() }),
  dataset: z.object({
    name: z.string(),
    hash: z.string(),
    source: z.string(),
    notice: z.string().nullable(),
    trainImages: z.int(),
    testImages: z.int(),
  }),
  plugins: z.record(z.string(), z.string()),
  networks: z.record(z.string(), z.object({ weights: z.int(), multiplyAdds: z.number() })),
  phases: z.array(z.object({ name: z.string(), updates: z.int() })),
  environment: z.record(z.string(), z.string()),
});

export type Manifest = z.infer<typeof manifestSchema>;
