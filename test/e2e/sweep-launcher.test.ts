import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { beforeAll, expect, test } from 'vitest';
import { Ledger, makeSweepDirectory, readLedger } from '../../lab/sweep/ledger.js';
import { wanted } from '../lab/sweep/support.js';
import { inHost } from './host.js';
import { ncn, start, temporary, tinyIdx } from './support.js';

const nice = join(import.meta.dirname, '../../examples/launcher-nice.ts');
let data: string;

const tiny = (dir: string, ...more: string[]): string[] => [
  ...['sweep', '--presets', 'dcnn_v1', '--seeds', '2', '--jobs', '1', '--dir', dir],
  ...['--dataset', `idx:${data}`, '--engine', 'wasm', '--updates', '40', '--batch', '2'],
  ...['--eval-every', '20', '--checkpoint-every', '5'],
  ...[
    'generator.resconvnet.width=2',
    'generator.resconvnet.depth=1',
    'evaluation.examples=4',
    'evaluation.testExamples=4',
    'evaluation.testBatch=2',
  ].flatMap((value) => ['--set', value]),
  ...more,
];

beforeAll(() => {
  data = tinyIdx();
});

/** Waits until the ledger has a running job. */
async function running(dir: string): Promise<Record<string, unknown>> {
  for (;;) {
    const records = await readLedger(dir).catch(() => undefined);
    const job = [...(records?.values() ?? [])].find(({ state }) => state === 'running');
    if (job !== undefined) return { ...job };
    await delay(20);
  }
}

test('a launcher of a plugin runs the jobs; only it may continue them', async () => {
  const dir = join(temporary(), 'nice');
  const sweep = start(tiny(dir, '--launcher', nice, '--launcher-set', 'level=7'));
  const { handle, launcher } = await running(dir);
  expect(launcher).toBe('nice');
  sweep.kill('SIGKILL');
  await sweep.finished;
  const pid = typeof handle === 'object' && handle !== null && 'pid' in handle ? handle.pid : 0;
  if (process.platform === 'linux') {
    // The 19th field is the niceness (proc(5)); the second, in brackets, may hold spaces.
    const stat = readFileSync(`/proc/${String(pid)}/stat`, 'utf8');
    expect(Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[16])).toBeGreaterThanOrEqual(7);
  }
  const other = await inHost(tiny(dir));
  expect(other.code).toBe(2);
  expect(other.stderr).toContain("started by the launcher 'nice'");
  const same = await ncn(tiny(dir, '--launcher', nice));
  expect(same.code, same.stderr).toBe(0);
  expect(same.stdout).toContain('2 of 2 done');
}, 300_000);

test('a plugin without launcher, an unknown one and bad options are refused', async () => {
  const dir = join(temporary(), 'nothing');
  for (const [args, code, message] of [
    [['--launcher', 'loss.content'], 4, 'offers no launcher'],
    [['--launcher', 'slrum'], 2, "Did you mean 'slurm'?"],
    [['--launcher', 'nowhere'], 2, 'Known: local, slurm.'],
    [['--launcher', 'launcher.locale'], 2, "Did you mean 'launcher.local'?"],
    [['--launcher', nice, '--launcher-set', 'levle=3'], 2, "Did you mean 'level'?"],
    [['--launcher', nice, '--launcher-set', 'level=30'], 2, "Option 'level' of launcher.nice"],
  ] as const) {
    const refused = await inHost(tiny(dir, ...args));
    expect(refused.stderr).toContain(message);
    expect(refused.code).toBe(code);
  }
}, 300_000);

test('a sweep on this machine that no process runs is not watched for ever', async () => {
  const dir = join(temporary(), 'left');
  await makeSweepDirectory(dir);
  const ledger = await Ledger.open(dir);
  await ledger.add(wanted('dcnn_v1', 1), 1, 1);
  await ledger.close();
  const watched = await inHost(['sweep', 'watch', dir]);
  expect(watched.code, watched.stderr).toBe(8);
  expect(watched.stdout).toContain(`no process runs it; continue it with: ncn sweep --dir ${dir}`);
  const cancelled = await inHost(['sweep', 'cancel', dir]);
  expect(cancelled.stdout).toContain('1 job cancelled; done');
  expect((await inHost(['sweep', 'watch', dir])).code).toBe(0);
  const refused = await inHost(['sweep', 'retry', dir, '--take-lock', '0']);
  expect(refused.code).toBe(2);
  expect(refused.stderr).toContain('--take-lock 0');
}, 300_000);
