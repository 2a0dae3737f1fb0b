import type { z } from 'zod';
import { problemOf } from './issue.js';

/** What is wrong with options. */
export interface OptionsFault {
  /** Dotted, from the options on. */
  readonly path: string;
  /** Whether there is no such option; else its value is refused. */
  readonly unknown: boolean;
  readonly got: unknown;
  readonly message: string;
}

/** The first fault that a schema finds in options; undefined where they fit. */
export function faultOf(schema: z.ZodType, given: unknown): OptionsFault | undefined {
  const [issue] = schema.safeParse(given).error?.issues ?? [];
  if (issue === undefined) return undefined;
  const { path, message } = problemOf(issue);
  const keys = issue.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : [];
  const got = path.reduce<unknown>(
    (part, key) => (typeof part === 'object' && part !== null ? Reflect.get(part, key) : undefined),
    given,
  );
  return { path: [...path, ...keys].join('.'), unknown: keys.length > 0, got, message };
}
