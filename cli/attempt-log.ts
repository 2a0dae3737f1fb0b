import { openSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { messageOf } from '../core/errors/error.js';
import { makeFolder } from '../lab/files.js';

/**
 * Sends what this process says to a log of the attempt; written at once, as it may be killed. Where
 * the log cannot be written, that is said once where the last stream led before, and the job goes on.
 */
export async function sayInto(
  path: string,
  streams: readonly NodeJS.WritableStream[],
): Promise<void> {
  const last = streams.at(-1);
  const before = last?.write.bind(last);
  let told = false;
  const lose = (error: unknown): void => {
    if (!told) before?.(`${path}: ${messageOf(error)}; what the job says is not kept\n`);
    told = true;
  };
  let file: number | undefined;
  try {
    // Logs can be spared, and somebody may have removed them all.
    await makeFolder(dirname(path));
    file = openSync(path, 'a');
  } catch (error) {
    lose(error);
  }
  for (const stream of streams) {
    stream.write = (chunk: string | Uint8Array, ...rest: unknown[]): boolean => {
      try {
        if (file !== undefined)
          writeSync(file, typeof chunk === 'string' ? Buffer.from(chunk) : chunk);
      } catch (error) {
        lose(error);
      }
      const done = rest.at(-1);
      if (typeof done === 'function') process.nextTick(done);
      return true;
    };
  }
}
