let current: string | undefined;

/**
 * Runs `body` in the name of a contributor (a plugin), so that an error about an operation that
 * it uses can say so. Only what runs synchronously counts.
 */
export function withContributor<T>(name: string, body: () => T): T {
  const outer = current;
  current = name;
  try {
    return body();
  } finally {
    current = outer;
  }
}

/** Whose contributed function is running, where that is known. */
export function currentContributor(): string | undefined {
  return current;
}
