import { execFileSync } from 'node:child_process';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { open, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeFolders } from '../../../core/run/folders.js';
import { AppendFile } from '../../../core/run/append-file.js';
import { RunDirectory } from '../../../core/run/directory.js';
import { acquireLock } from '../../../core/run/lock.js';
import { isStandardOutput, writeOutput } from '../../../core/run/output.js';
import { createLog } from '../../../core/services/log.js';
import { Terminal } from '../../../core/services/terminal.js';
import { locateForeign } from '../../../core/modules/foreign.js';
import { parseOverride } from '../../../core/experiment/override.js';

const root = mkdtempSync(join(tmpdir(), 'ncn-output-'));
const pipe = join(root, 'pipe');
const unix = process.platform !== 'win32';
if (!unix) console.log('Windows has no pipes and devices as files: their tests are skipped.');
if (unix) execFileSync('mkfifo', [pipe]);

test('what is written goes through links, and replaces neither them nor what is no file', async () => {
  const plain = join(root, 'plain.txt');
  await writeOutput(plain, 'one');
  await writeOutput(plain, 'two');
  expect(readFileSync(plain, 'utf8')).toBe('two');
  const link = join(root, 'link.txt');
  symlinkSync('plain.txt', link);
  await writeOutput(link, 'three');
  expect(readlinkSync(link)).toBe('plain.txt');
  expect(readFileSync(plain, 'utf8')).toBe('three');
  const dangling = join(root, 'dangling.txt');
  symlinkSync('made.txt', dangling);
  await writeOutput(dangling, 'four');
  expect(lstatSync(dangling).isSymbolicLink()).toBe(true);
  expect(readFileSync(join(root, 'made.txt'), 'utf8')).toBe('four');
  await expect(writeOutput(root, 'x')).rejects.toMatchObject({ code: 'NCN_OUTPUT_FOLDER' });
  const circle = join(root, 'circle');
  symlinkSync('circle', circle);
  await expect(writeOutput(circle, 'x')).rejects.toMatchObject({ exit: 7 });
});

test.runIf(unix)('a pipe and a device stay what they are', async () => {
  const read = readFile(pipe, 'utf8');
  await writeOutput(pipe, 'through');
  expect(await read).toBe('through');
  expect(lstatSync(pipe).isFIFO()).toBe(true);
  await writeOutput('/dev/null', 'nothing');
  expect(lstatSync('/dev/null').isCharacterDevice()).toBe(true);
});

test.runIf(existsSync('/proc/self/fd'))(
  'a link that the system alone can follow is followed, as that of a pipe',
  async () => {
    const path = join(root, 'gone');
    const file = await open(path, 'w+');
    try {
      rmSync(path);
      await writeOutput(`/proc/self/fd/${file.fd}`, 'still there');
      expect(await file.readFile('utf8')).toBe('still there');
      expect(existsSync(`${path} (deleted)`)).toBe(false);
    } finally {
      await file.close();
    }
    expect(await isStandardOutput(path)).toBe(false);
  },
);

test.runIf(unix)(
  'a pipe in the place of a file of a run is refused, and nobody waits',
  async () => {
    const refusal = { code: 'NCN_RUN_NOT_A_FILE' };
    await expect(AppendFile.open(pipe, () => Promise.resolve(0))).rejects.toMatchObject(refusal);
    expect(() => createLog(new Terminal('silent')).toFile(pipe)).toThrow(/no regular file/);
  },
);

test('folders are made with those above, and never below a folder that takes none', async () => {
  await makeFolders(join(root, 'a/b/c'));
  await makeFolders(join(root, 'a/b/c'));
  expect(existsSync(join(root, 'a/b/c'))).toBe(true);
  writeFileSync(join(root, 'file'), '');
  await expect(makeFolders(join(root, 'file'))).rejects.toMatchObject({ exit: 7 });
  await expect(makeFolders(join(root, 'file/x'))).rejects.toMatchObject({ exit: 7 });
  if (existsSync('/proc/self')) {
    await expect(makeFolders('/proc/none/such')).rejects.toMatchObject({ code: 'NCN_RUN_MISSING' });
  }
});

test('a folder in which a run was to begin can be used again', async () => {
  const path = join(root, 'unbegun');
  const run = await RunDirectory.createAt(path);
  await run.writeJson('config.json', {});
  await expect(RunDirectory.open(path)).rejects.toMatchObject({
    code: 'NCN_RUN_NOT_A_RUN',
    hint: expect.stringContaining('Start it again') as string,
  });
  await RunDirectory.createAt(path);
  mkdirSync(join(path, 'checkpoints', 'update-000000001'));
  const refusal = { code: 'NCN_RUN_NOT_EMPTY' };
  await expect(RunDirectory.createAt(path)).rejects.toMatchObject(refusal);
});

test('lock claims that name each other are told, not followed for ever', async () => {
  const path = join(root, 'claims');
  mkdirSync(path);
  const owner = { pid: 1 << 22, host: 'gone', start: null, since: '', nonce: '0'.repeat(16) };
  writeFileSync(join(path, 'lock.json'), JSON.stringify(owner));
  writeFileSync(join(path, `lock-${owner.nonce}.claim`), JSON.stringify(owner));
  const refusal = { code: 'NCN_RUN_LOCK_UNREADABLE' };
  await expect(acquireLock(path, () => undefined)).rejects.toMatchObject(refusal);
});

test('what can be no path is no module, and values are not nested for ever', () => {
  for (const spec of [`./${'n'.repeat(300)}`, './a\0b']) {
    expect(locateForeign(spec, root, [])).toBeUndefined();
  }
  const deep = `a=${'['.repeat(6000)}${']'.repeat(6000)}`;
  expect(() => parseOverride(deep)).toThrow(/more than \d+ deep/);
  expect(parseOverride('a=[[1,2],[3]]')).toEqual(['a', [[1, 2], [3]]]);
});
