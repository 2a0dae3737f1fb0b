import { mkdtempSync, readFileSync, renameSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readSweepIfThere } from '../../../lab/sweep/ledger.js';
import { inHost } from '../host.js';
import { temporary, tinyIdx } from '../support.js';
import { ScriptedSlurm } from './scripted-slurm.js';

const slurm = new ScriptedSlurm(mkdtempSync(join(tmpdir(), 'ncn-scripted-')));
const tiny = [
  ...['sweep', '--presets', 'dcnn_v1', '--profile', 'quick', '--updates', '2'],
  ...['--dataset', 'idx', '--launcher', 'slurm'],
];
const submitted = (dir: string, suffix: string): string => {
  const token = slurm.calls('sbatch').at(-1) ?? '';
  return readFileSync(join(dir, 'submissions', `${token}.${suffix}`), 'utf8');
};

test('what jobs are handed in with is kept: those that come later get the same', async () => {
  const dir = join(temporary(), 'sweep');
  const data = tinyIdx();
  const sweep = [...tiny, '--dir', dir];
  const first = await inHost([...sweep, '--jobs', '1', '--data', data]);
  expect(first.code, first.stderr).toBe(0);
  expect((await readSweepIfThere(dir)).data).toBe(data);
  const second = await inHost([...sweep, '--seeds', '3']);
  expect(second.code, second.stderr).toBe(0);
  expect(slurm.calls('sbatch')).toHaveLength(2);
  expect(submitted(dir, 'sh')).toContain('#SBATCH --array=0-1%1');
  expect(submitted(dir, 'jobs').match(/--data/g)).toHaveLength(2);
  expect(submitted(dir, 'jobs')).toContain(data);
}, 300_000);

test('other data than those that a sweep was begun with are refused, unless the folder was moved', async () => {
  const folder = temporary();
  const dir = join(folder, 'sweep');
  const data = join(folder, 'data');
  renameSync(tinyIdx(), data);
  const sweep = (...more: string[]) => inHost([...tiny, '--dir', dir, ...more]);
  expect((await sweep('--data', data)).code).toBe(0);
  const other = await sweep('--data', folder);
  expect(other.code).toBe(2);
  expect(other.stderr).toContain(`train on the data in ${data}`);
  expect(other.stderr).toContain('Leave --data out');
  renameSync(data, join(folder, 'moved'));
  expect((await sweep('--data', join(folder, 'moved'))).code).toBe(0);
  expect((await readSweepIfThere(dir)).data).toBe(join(folder, 'moved'));
  expect((await sweep()).code).toBe(0);

  // That none was named is kept, too.
  const bare = join(folder, 'bare');
  const named = ['--dir', bare, '--dataset', `idx:${join(folder, 'moved')}`];
  expect((await sweep(...named)).code).toBe(0);
  expect((await sweep(...named, '--data', folder)).stderr).toContain('without --data');
}, 300_000);
