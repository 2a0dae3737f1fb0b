import { mkdtemp, readFile, symlink } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { sayInto } from '../../cli/attempt-log.js';

async function streams() {
  const folder = await mkdtemp(join(tmpdir(), 'ncn-attempt-'));
  const [out, err] = [new PassThrough(), new PassThrough()];
  return { folder, out, err, told: () => String(err.read() ?? '') };
}

test('what is said goes into the log, whose folder is made', async () => {
  const { folder, out, err, told } = await streams();
  const log = join(folder, 'logs/a.1.log');
  await sayInto(log, [out, err]);
  out.write('one\n');
  err.write(Buffer.from('two\n'));
  await new Promise<void>((done) => out.write('three\n', () => done()));
  expect(await readFile(log, 'utf8')).toBe('one\ntwo\nthree\n');
  expect(told()).toBe('');
});

const full = existsSync('/dev/full');
if (!full) console.log('There is no /dev/full here: a log on a full disk is not tried.');

test.skipIf(!full)(
  'a log on a full disk is told once, and what is said is lost without harm',
  async () => {
    const { folder, out, err, told } = await streams();
    const log = join(folder, 'a.1.log');
    await symlink('/dev/full', log);
    await sayInto(log, [out, err]);
    out.write('one\n');
    err.write('two\n');
    await new Promise<void>((done) => out.write('three\n', () => done()));
    expect(told()).toMatch(/^.*a\.1\.log: ENOSPC.*not kept\n$/);
  },
);

test('so is one that cannot be opened', async () => {
  const { folder, out, err, told } = await streams();
  await sayInto(folder, [out, err]);
  out.write('one\n');
  expect(told()).toContain('EISDIR');
});
