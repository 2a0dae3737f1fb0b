import { z } from 'zod';
import { type JsonObject, type JsonValue } from './json.js';
import { sealOf } from './seal.js';

/** What is sealed: all but how long it took, which differs from run to run. */
function sealed(summary: JsonObject): string {
  return sealOf(Object.fromEntries(Object.entries(summary).filter(([key]) => !unsealed.has(key))))
    .sha256;
}
const unsealed: ReadonlySet<string> = new Set(['time', 'sha256']);

/** Adds the hash of what came out. @throws NcnError where a value is not JSON */
export function sealedSummary(summary: JsonObject): JsonObject {
  return { ...summary, sha256: sealed(summary) };
}

const json = z.custom<JsonValue>((value) => value !== undefined);

/**
 * `summary.json`: how a run ended. One whose values are not those that its hash was made of is refused;
 * those of older versions have none.
 */
export const summarySchema = z
  .looseObject({
    results: z.record(z.string(), z.union([z.number(), z.string()])),
    time: z.object({ secondsOfThisProcess: z.number() }).exactOptional(),
    sha256: z.string().exactOptional(),
  })
  .catchall(json)
  .refine((summary) => summary.sha256 === undefined || summary.sha256 === sealed(summary), {
    message: 'its values are not what was written: they do not match its SHA-256',
  });

export type Summary = z.infer<typeof summarySchema>;
