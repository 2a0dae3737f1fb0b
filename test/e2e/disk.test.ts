import { execFileSync } from 'node:child_process';
import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createLog } from '../../core/services/log.js';
import { Terminal } from '../../core/services/terminal.js';
import { inHost } from './host.js';
import { fingerprint, ncn, temporary, tinyIdx, tinyRun } from './support.js';

/** A small file system of its own in `folder`; false where this user may not mount one. */
function mountSmall(folder: string, options: string): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', folder], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

test('a full disk is named, and with room again the run ends as if never stopped', async (context) => {
  const disk = temporary();
  if (!mountSmall(disk, 'size=700k')) context.skip('needs the right to mount a file system');
  try {
    const data = tinyIdx();
    const run = join(disk, 'run');
    const full = await ncn(tinyRun(data, run));
    expect(full.code, full.stderr).toBe(7);
    expect(full.stderr).toMatch(/full|space/);
    expect(full.stderr).not.toMatch(/^\s+at .*:\d+:\d+/m);
    mountSmall(disk, 'remount,size=32m');
    const resumed = await inHost(['resume', run]);
    expect(resumed.code, resumed.stderr).toBe(0);
    const reference = join(temporary(), 'reference');
    expect((await inHost(tinyRun(data, reference))).code).toBe(0);
    expect(fingerprint(run)).toEqual(fingerprint(reference));
  } finally {
    execFileSync('umount', [disk]);
  }
}, 300_000);

test('a log whose last line does not fit on the disk is closed all the same', async (context) => {
  const disk = temporary();
  if (!mountSmall(disk, 'size=64k')) context.skip('needs the right to mount a file system');
  try {
    const path = join(disk, 'log.jsonl');
    const log = createLog(new Terminal('silent'));
    const close = log.toFile(path);
    log.story.info('begins');
    writeFileSync(join(disk, 'filler'), Buffer.alloc(64 * 1024 - 4096));
    const full = statSync(path).size;
    for (let line = 0; line < 40; line++) log.story.info({ line }, 'x'.repeat(200));
    await close();
    // Some lines found room behind the first.
    expect(statSync(path).size).toBeGreaterThan(full);
    expect(statSync(path).size).toBeLessThanOrEqual(4096);
  } finally {
    execFileSync('umount', [disk]);
  }
});
