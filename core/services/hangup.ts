import { readFileSync, readlinkSync } from 'node:fs';
import { basename } from 'node:path';

/**
 * Whether this process was started to outlive its terminal (`nohup`, or by one that ignores SIGHUP
 * itself). Node sets every signal back to its default when it starts, so that an inherited one that
 * is ignored cannot be seen any more; who started it can.
 */
export function hangupIgnored(): boolean {
  if (basename(process.env['_'] ?? '') === 'nohup') return true;
  if ([1, 2].some((stream) => basename(targetOf(stream)) === 'nohup.out')) return true;
  return process.ppid > 1 && ignoresHangup(process.ppid);
}

function targetOf(stream: number): string {
  try {
    return readlinkSync(`/proc/self/fd/${stream}`);
  } catch {
    return '';
  }
}

/** By the mask in /proc, whose lowest bit is signal 1; false where there is none. */
function ignoresHangup(pid: number): boolean {
  try {
    const mask = /^SigIgn:\s*([0-9a-f]+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return mask !== undefined && (BigInt(`0x${mask}`) & 1n) === 1n;
  } catch {
    return false;
  }
}
