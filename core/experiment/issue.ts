import type { z } from 'zod';

export interface Problem {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/**
 * What an issue of a schema says. Of a value that may be of several kinds, the kind that the value
 * fits furthest speaks; where it fits none, all do.
 */
export function problemOf(issue: z.core.$ZodIssue): Problem {
  if (issue.code !== 'invalid_union') return { path: issue.path, message: issue.message };
  const kinds = issue.errors.flatMap(([first]) => (first === undefined ? [] : problemOf(first)));
  const deepest = kinds.reduce<Problem | undefined>(
    (best, kind) => (kind.path.length > (best?.path.length ?? 0) ? kind : best),
    undefined,
  );
  if (deepest !== undefined) {
    return { path: [...issue.path, ...deepest.path], message: deepest.message };
  }
  const messages = [
    ...new Set(kinds.map(({ message }) => message.replace(/^Invalid input: /, ''))),
  ];
  return { path: issue.path, message: messages.join(', or ') || issue.message };
}
