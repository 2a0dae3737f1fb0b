import { readFile } from 'node:fs/promises';
import { systemCode } from '../errors/run.js';

/**
 * When a process started, in the kernel's own unit, from /proc; undefined where there is no
 * /proc or no such process. With the pid it names a process even after pids were reused.
 */
export async function startOf(pid: number): Promise<string | undefined> {
  return (await statOf(pid))?.start;
}

/**
 * Whether the process with this pid and start is running on this machine. Without a start, the
 * pid alone decides.
 */
export async function isRunning(pid: number, start: string | undefined): Promise<boolean> {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // It may belong to someone else and still be there.
    if (systemCode(error) !== 'EPERM') return false;
  }
  const stat = await statOf(pid);
  if (stat === undefined) return true;
  // A zombie answers signals but never writes again.
  if (stat.state === 'Z' || stat.state === 'X') return false;
  return start === undefined || stat.start === start;
}

async function statOf(pid: number): Promise<{ state: string; start: string } | undefined> {
  let text: string;
  try {
    text = await readFile(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return undefined;
  }
  // The name before the last ')' may hold anything; field 3 follows it, 22 is the start time.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const [state, start] = [fields[0], fields[19]];
  return state === undefined || start === undefined ? undefined : { state, start };
}
