/** A word as a shell takes it: in single quotes where it has more than letters and a few signs. */
export const quoted = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
