import { readFileSync } from 'node:fs';

// On its own, as what says that nothing more can be loaded.

/** With fewer file handles, modules are not found any more. */
const enough = 256;

export const tooFewHandles = (cause: string): string =>
  `This process may not open any more files: ${cause}`;

export const handlesHint = `'ulimit -n' shows how many it may; ${enough} are enough: 'ulimit -n ${enough}' in the shell that starts it.`;

export const isLackOfHandles = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && (error.code === 'EMFILE' || error.code === 'ENFILE');

/** Whether the process may open fewer files than loading ncn takes; false where that cannot be told. */
export function hasFewHandles(): boolean {
  try {
    const limit = /^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1];
    return limit !== undefined && Number(limit) < enough;
  } catch (error) {
    return isLackOfHandles(error);
  }
}
