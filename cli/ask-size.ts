import { createInterface } from 'node:readline/promises';
import { formatDuration } from '../core/services/format.js';

/** A profile, and how long a run at its size takes here. */
export interface Size {
  readonly profile: string;
  readonly summary: string;
  readonly seconds: number;
}

/**
 * Asks which size a run shall have, until the answer is one of them.
 * @returns its profile; undefined where the input ends without an answer
 */
export async function askSize(
  sizes: readonly Size[],
  input: NodeJS.ReadableStream,
  output: NodeJS.WritableStream,
): Promise<string | undefined> {
  const width = Math.max(...sizes.map(({ profile }) => profile.length));
  const lines = sizes.map(
    ({ profile, summary, seconds }, i) =>
      `  ${i + 1}  ${profile.padEnd(width)}  roughly ${formatDuration(seconds)}: ${summary}`,
  );
  output.write(`That takes long on this machine. Which size?\n${lines.join('\n')}\n`);
  const lineReader = createInterface({ input, output });
  lineReader.setPrompt(`number or name (1 to ${sizes.length}; Ctrl-C: none): `);
  try {
    lineReader.prompt();
    for await (const line of lineReader) {
      const answer = line.trim();
      const size = sizes.find(({ profile }, i) => answer === profile || answer === String(i + 1));
      if (size !== undefined) return size.profile;
      lineReader.prompt();
    }
    return undefined;
  } finally {
    lineReader.close();
  }
}
