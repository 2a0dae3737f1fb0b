let current = '';

/**
 * Runs `body` as a part of the training step that has a name, so that those who show the recorded
 * step can group its operations. Only what runs synchronously counts.
 * @param name within the scope around it, or from the top where it begins with `/`
 */
export function withScope<T>(name: string, body: () => T): T {
  const outer = current;
  current = name.startsWith('/') ? name.slice(1) : outer === '' ? name : `${outer}/${name}`;
  try {
    return body();
  } finally {
    current = outer;
  }
}

/** The part of the training step that is running; empty outside all of them. */
export function currentScope(): string {
  return current;
}
