import { z } from 'zod';
import type { JsonValue } from './json.js';

const json = z.custom<JsonValue>((value) => value !== undefined);

/** A change that a resume accepted: part of the run's record, in its configuration and manifest. */
export const changeSchema = z.object({
  /** The last update without it; it holds from the next one on. */
  update: z.int().nonnegative(),
  /** Whether it only makes the run longer: what came out is what a run of that length gives. */
  extends: z.boolean(),
  values: z.array(z.object({ path: z.string(), before: json, after: json })),
});

export type RunChange = Readonly<z.infer<typeof changeSchema>>;

export type ChangedValue = RunChange['values'][number];

/** A change for people: `updates 6 → 8`. */
export const describeChange = ({ values }: Pick<RunChange, 'values'>): string =>
  values
    .map(
      ({ path, before, after }) => `${path} ${JSON.stringify(before)} → ${JSON.stringify(after)}`,
    )
    .join(', ');
