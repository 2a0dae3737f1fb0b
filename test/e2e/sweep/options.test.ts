import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Ledger, makeSweepDirectory } from '../../../lab/sweep/ledger.js';
import { wanted } from '../../lab/sweep/support.js';
import { inHost } from '../host.js';
import { temporary, tinyIdx } from '../support.js';
import { ScriptedSlurm } from './scripted-slurm.js';

new ScriptedSlurm(mkdtempSync(join(tmpdir(), 'ncn-scripted-')));
const data = tinyIdx();
const tiny = ['sweep', '--presets', 'dcnn_v1', '--profile', 'quick', '--dataset', `idx:${data}`];

/** A sweep with a job that is done, one that failed and one that is queued. */
async function sweepIn(directory: string): Promise<void> {
  await makeSweepDirectory(directory);
  const ledger = await Ledger.open(directory);
  const jobs = [1, 2, 3].map((updates) =>
    wanted('dcnn_v1', 1, {
      profile: 'quick',
      set: [
        ['dataset', `idx:${data}`],
        ['updates', updates],
      ],
    }),
  );
  await ledger.addAll(jobs.map((job, i) => ({ ...job, updates: i + 1, work: 1 })));
  await ledger.done(1);
  await ledger.failed(2, 6, 'diverged');
  await ledger.close();
}

test('options that would do nothing are refused, and say what does', async () => {
  const dir = join(temporary(), 'sweep');
  await sweepIn(dir);
  const matrix = ['--seeds', '5', '--set', 'a=1', '--variant', 'q', '--updates', '9'];
  for (const [args, messages] of [
    [
      ['sweep', '--dir', dir, ...matrix],
      ['--seeds, --variant, --set, --updates', '--presets'],
    ],
    [
      [...tiny, '--seed', '5', '--seeds', '2'],
      ['--seed and --seeds', 'Give one'],
    ],
    [
      [...tiny, '--trace-hooks'],
      ['--trace-hooks', 'ncn run'],
    ],
    [['reproduce', '--trace-hooks'], ['--trace-hooks']],
    [
      [...tiny, '--launcher', 'slurm', '--threads', '4', '--devices', '0,1'],
      ['--threads, --devices', 'cpus=4', 'gres=gpu:1'],
    ],
    [[...tiny, '--set', 'updates=4', '--updates', '3'], ["'updates' is set twice"]],
    [
      [...tiny, '--set', 'threads=1,2'],
      ['The threads of', '--threads'],
    ],
    [
      [...tiny, '--set', `data=${data}`],
      ['The data of', 'dataset=idx:ONE,idx:OTHER'],
    ],
  ] as const) {
    const { code, stderr } = await inHost(args);
    expect(code, stderr).toBe(2);
    for (const message of messages) expect(stderr).toContain(message);
  }
}, 300_000);

test('a dry run tells what would be run: what is left of the sweep, and what is new', async () => {
  const dir = join(temporary(), 'sweep');
  await sweepIn(dir);
  const left = await inHost(['sweep', '--dir', dir, '--dry-run']);
  expect(left.code, left.stderr).toBe(0);
  expect(left.stdout).toContain(`1 job to run in ${dir}; so far 1 of 3 done, 1 failed`);
  expect(left.stdout).toMatch(/dcnn_v1 +1 +3 /);
  const more = await inHost([
    ...tiny,
    '--set',
    'updates=1,3,4',
    '--dir',
    dir,
    '--dry-run',
    '--json',
  ]);
  const { jobs } = JSON.parse(more.stdout) as { jobs: { updates: number }[] };
  expect(jobs.map(({ updates }) => updates)).toEqual([3, 4]);
  const slurm = ['--launcher', 'slurm', '--dry-run'];
  const scripts = await inHost(['sweep', '--dir', dir, ...slurm]);
  expect(scripts.stdout).toContain('#SBATCH --array=0-0');
  expect(scripts.stdout).toContain('0003-dcnn_v1-1');
}, 300_000);

test('a plugin is the same by whatever path, and found again from any folder', async () => {
  const folder = temporary();
  const text = `import { definePlugin, z } from 'ncn';
export default definePlugin({ name: 'mine', version: '1.0.0', summary: 'a test', options: z.strictObject({}), setup() {} });`;
  writeFileSync(join(folder, 'mine.ts'), text);
  const plans = [];
  for (const spec of ['./mine.ts', 'mine', join(folder, 'mine.ts')]) {
    const { stdout } = await inHost([...tiny, '--plugin', spec, '--dry-run', '--json'], folder);
    plans.push(JSON.parse(stdout) as { directory: string; jobs: unknown[] });
  }
  expect(new Set(plans.map(({ directory }) => directory)).size).toBe(1);
  expect(plans[0]?.jobs).toMatchObject([{ request: { plugins: [join(folder, 'mine.ts')] } }]);
}, 300_000);

test('the commands of hints can be pasted, whatever the folder is called', async () => {
  const dir = join(temporary(), "it's q");
  await sweepIn(dir);
  const { stdout } = await inHost(['sweep', 'retry', dir]);
  expect(stdout).toContain(`ncn sweep --dir '${dir.replace("'", "'\\''")}'`);
}, 300_000);
