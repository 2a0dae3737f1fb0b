import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { RunDirectory } from '../../../core/run/directory.js';
import { prettyJson } from '../../../core/run/json.js';
import { startOf } from '../../../core/run/process.js';
import { request } from '../../../lab/sweep/control.js';
import { leaveRequest } from '../../../lab/sweep/requests.js';
import { finish, InProcessLauncher } from './in-process.js';
import { seeds, sweepOf, when } from './support.js';

const silent = (): void => undefined;

/** A run whose lock names a process. */
async function heldBy(path: string, pid: number, host: string): Promise<string> {
  const run = await RunDirectory.createAt(path);
  await run.writeJson('manifest.json', {});
  const lock = join(path, 'lock.json');
  const about = { start: (await startOf(pid)) ?? null, since: '2026', nonce: '0123456789abcdef' };
  await writeFile(lock, prettyJson({ pid, host, ...about }));
  return lock;
}

/** A process that uses a run, and of which no ledger knows. */
async function stranger(path: string): Promise<ChildProcess> {
  const script =
    "process.on('SIGTERM', () => process.exit(143)); setInterval(() => 0, 1000); console.log('up')";
  const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'ignore'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  await once(child.stdout, 'data');
  await heldBy(path, child.pid ?? 0, hostname());
  return child;
}

test('a job that is known by its lock alone is asked to save when the sweep is stopped', async () => {
  const launcher = new InProcessLauncher(finish);
  const { scheduler, directory, told, ledger } = await sweepOf(seeds(1), launcher, {
    observe: when('started 1', () => scheduler.stop()),
  });
  await stranger(join(directory, '0001-a-1'));
  await scheduler.run();
  expect(told).toEqual(['started 1 adopted', 'interrupted 1']);
  expect(ledger.records.get(1)?.reason).toBe('stopped at update 0');
});

test('and it is stopped when it is cancelled, while the sweep runs', async () => {
  const launcher = new InProcessLauncher(finish);
  const { scheduler, directory, told } = await sweepOf(seeds(1), launcher, {
    observe: when('started 1', () => leaveRequest(directory, { action: 'cancel', jobs: [1] })),
  });
  await stranger(join(directory, '0001-a-1'));
  await scheduler.run();
  expect(told).toEqual(['started 1 adopted', 'cancelled 1']);
});

test.each(['queued', 'running'])(
  'and when no sweep runs, and the ledger calls it %s',
  async (state) => {
    const launcher = new InProcessLauncher(finish);
    const { directory, ledger } = await sweepOf(seeds(1), launcher);
    const about = { launcher: 'unknown', handle: null, resumed: true, device: null };
    if (state === 'running') await ledger.started(1, about);
    await ledger.close();
    const child = await stranger(join(directory, '0001-a-1'));
    const by = await request(directory, { action: 'cancel', jobs: [1] }, silent, launcher);
    expect(by).toBe('this process');
    expect(child.exitCode ?? (await once(child, 'exit'))[0]).toBe(143);
    expect((await sweepOf([], launcher, { directory })).states()).toEqual(['cancelled']);
  },
);

test.each(['queued', 'running'])(
  'a %s job whose run is held on another machine fails with the way out, and the others go on',
  async (state) => {
    const launcher = new InProcessLauncher(finish);
    const { scheduler, directory, ledger, states } = await sweepOf(seeds(1, 2), launcher);
    const about = { launcher: 'unknown', handle: null, resumed: true, device: null };
    if (state === 'running') await ledger.started(1, about);
    const lock = await heldBy(join(directory, '0001-a-1'), process.pid, 'oldcontainer');
    await scheduler.run();
    expect(states()).toEqual(['failed', 'done']);
    const { reason = '' } = ledger.records.get(1) ?? {};
    expect(reason).toContain('on oldcontainer');
    expect(reason).toContain(`remove ${lock}`);
  },
);

test('a job that is a file fails, and the others go on', async () => {
  const launcher = new InProcessLauncher(finish);
  const { scheduler, directory, ledger, states } = await sweepOf(seeds(1, 2), launcher);
  await writeFile(join(directory, '0001-a-1'), '');
  await scheduler.run();
  expect(states()).toEqual(['failed', 'done']);
  expect(ledger.records.get(1)?.reason).toContain('part of this path is a file');
});
