import { z } from 'zod';

/** Which values are the better ones; null where they say nothing of the network. */
export type Better = 'lower' | 'higher' | null;

/** The lowest and the highest value that a metric can take; null where there is none. */
export type PossibleValues = readonly [lowest: number | null, highest: number | null];

/** Examples worth looking at: those in which a metric is above a limit, the highest first. */
export interface ExampleGroup {
  readonly name: string;
  readonly label: string;
  /** One sentence for people: what these examples show. */
  readonly explanation: string;
  readonly above: number;
}

/** What stands beside the main network: the value of one of its metrics, reached by another method. */
export interface Beside {
  /** Name of the metric of which it is the value. */
  readonly metric: string;
  /** For people, as it stands in a table: `linear canceller`. */
  readonly method: string;
}

/** Kinds of examples that tables tell apart by a metric: below the first bound, the next, …. */
export interface ExampleKinds {
  /** Ascending. A value at a bound is of the kind above it. */
  readonly bounds: readonly number[];
  /** For people; one more than bounds. */
  readonly names: readonly string[];
}

/** Without the functions: what a run keeps of its metrics, with every default filled in. */
export interface KnownMetric {
  readonly name: string;
  readonly label: string;
  readonly unit: string | null;
  readonly better: Better;
  readonly format: 'number' | 'percent';
  readonly headline: boolean;
  readonly primary: boolean;
  readonly range: PossibleValues | null;
  readonly group: ExampleGroup | null;
  readonly beside: Beside | null;
  readonly kinds: ExampleKinds | null;
}

const knownGroup = z.object({
  name: z.string(),
  label: z.string(),
  explanation: z.string(),
  above: z.number(),
});

/** What `manifest.json` holds of each metric. */
export const knownMetricSchema: z.ZodType<KnownMetric> = z.object({
  name: z.string(),
  label: z.string(),
  unit: z.string().nullable(),
  better: z.enum(['lower', 'higher']).nullable(),
  format: z.enum(['number', 'percent']),
  headline: z.boolean(),
  primary: z.boolean(),
  group: knownGroup.nullable(),
  // Runs of earlier versions have none of these.
  range: z.tuple([z.number().nullable(), z.number().nullable()]).nullable().default(null),
  beside: z.object({ metric: z.string(), method: z.string() }).nullable().default(null),
  kinds: z
    .object({ bounds: z.array(z.number()), names: z.array(z.string()) })
    .nullable()
    .default(null),
});
