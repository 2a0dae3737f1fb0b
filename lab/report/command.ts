/** The command line that made a run, quoted for a POSIX shell. */
export function commandOf(commandLine: readonly string[]): string {
  return ['ncn', ...commandLine].map(quoted).join(' ');
}

const quoted = (word: string): string =>
  /^[\w./:=,@%+-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
