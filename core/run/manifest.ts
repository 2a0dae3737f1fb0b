import { z } from 'zod';
import { changeSchema } from './changes.js';
import { knownMetricSchema } from './known-metric.js';

/** `manifest.json`: what was run, on what, by which versions. */
export const manifestSchema = z.object({
  format: z.literal(2, {
    error: ({ input }) =>
      input === 1
        ? 'the run was made by ncn 0.1, whose runs this version does not read: look at it with that version, or train it again'
        : 'a run of this version was expected',
  }),
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
    trainExamples: z.int(),
    testExamples: z.int(),
  }),
  /** Name of the main network. */
  main: z.string(),
  /** Shapes of what a batch consists of, by role. */
  roles: z.record(z.string(), z.array(z.int())),
  metrics: z.array(knownMetricSchema),
  plugins: z.record(z.string(), z.string()),
  networks: z.record(z.string(), z.object({ weights: z.int(), multiplyAdds: z.number() })),
  phases: z.array(z.object({ name: z.string(), updates: z.int() })),
  environment: z.record(z.string(), z.string()),
  /** What was accepted on resume, in order. */
  changes: z.array(changeSchema).exactOptional(),
});

export type Manifest = z.infer<typeof manifestSchema>;
