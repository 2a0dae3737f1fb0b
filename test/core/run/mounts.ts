import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { messageOf } from '../../../core/errors/error.js';

/** Mounts a small file system in memory, or says why that is not possible here. */
export function mountTmpfs(directory: string, options: string): { unmount(): void } | string {
  mkdirSync(directory, { recursive: true });
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', directory], { stdio: 'pipe' });
  } catch (error) {
    return `cannot mount a tmpfs: ${messageOf(error)}`;
  }
  return { unmount: () => execFileSync('umount', [directory], { stdio: 'pipe' }) };
}
