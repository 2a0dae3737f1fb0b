import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Cluster, noCluster, until } from '../../../bench/cluster/slurm.js';
import { give, ordinaryUser } from '../../../bench/cluster/user.js';
import { writeTinyIdx } from '../../../bench/tiny-idx.js';
import type { AttemptEnd } from '../../../lab/sweep/attempts.js';
import { launcherContract } from '../../../lab/testing/launcher.js';
import { slurmLauncher } from '../../../lab/launch/slurm/launcher.js';
import { slurmOptions } from '../../../lab/launch/slurm/options.js';
import { fingerprint, jsonLines, main, start, temporary, type Finished } from '../support.js';

if (noCluster !== undefined) console.log(`Sweeps on a real Slurm are not tested: ${noCluster}`);

const plugin = join(import.meta.dirname, 'gate.ts');
const root = temporary();
const runner = ordinaryUser(main, root);
const data = join(root, 'data');
for (const name of ['data', 'daemons', 'gates', 'gates/timed', 'gates/cluster', 'contract']) {
  mkdirSync(join(root, name));
}
writeTinyIdx(data, 60, 20);
const cluster =
  noCluster === undefined
    ? new Cluster(join(root, 'daemons'), runner, ['n1', 'n2', 'n3', 'n4'])
    : undefined;
if (cluster !== undefined && runner.remark !== undefined) {
  console.log(`Sweeps on a real Slurm: ${runner.remark}`);
}

const slurm = [
  ...['--launcher', 'slurm', '--launcher-set', 'poll=1', '--launcher-set', 'grace=2'],
] as const;

/** Jobs of 160 updates, which on the cluster wait to be let go. */
const tiny = (dir: string, seeds: string, ...more: string[]): string[] => [
  ...['sweep', '--presets', 'dcnn_v1', '--seeds', seeds, '--dir', join(root, dir)],
  ...['--plugin', plugin, '--dataset', `idx:${data}`, '--engine', 'wasm', '--updates', '160'],
  ...['--batch', '2', '--eval-every', '40', '--checkpoint-every', '5'],
  ...[
    'generator.resconvnet.width=2',
    'generator.resconvnet.depth=1',
    'evaluation.examples=4',
    'evaluation.testExamples=8',
    'evaluation.testBatch=2',
  ].flatMap((value) => ['--set', value]),
  ...more,
];

/** The command line, on a login node of the cluster. */
const ncn = (args: readonly string[], gates?: string): Promise<Finished> => {
  const environment = Object.entries(cluster?.environment ?? {}).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as const],
  );
  const more = gates === undefined ? {} : { NCN_TEST_GATE: join(root, 'gates', gates) };
  return start(args, { ...Object.fromEntries(environment), ...more }, root, runner.ids).finished;
};

/** A command of which success is expected; sweeps wait at gates of their own. */
const ok = async (args: readonly string[], gates = 'cluster'): Promise<string> => {
  const { code, stdout, stderr } = await ncn(args, gates);
  expect(code, stderr + stdout).toBe(0);
  return stdout;
};

const jobName = (job: number): string => `000${job}-dcnn_v1-${job}`;

/** Lets jobs go on to their end. */
function letGo(gates: string, ...jobs: number[]): void {
  for (const job of jobs) writeFileSync(join(root, 'gates', gates, jobName(job)), '');
}

/** How each job of a sweep stands, by its number, as `ncn sweep status` says. */
async function states(dir: string): Promise<Record<number, string>> {
  const [line] = jsonLines(await ok(['sweep', 'status', join(root, dir), '--json']));
  const jobs = (line?.['jobs'] ?? []) as { job: { number: number }; state: string }[];
  return Object.fromEntries(jobs.map(({ job, state }) => [job.number, state]));
}

/** The ends of a job's attempts so far, in order. */
function ends(dir: string, job: number): (AttemptEnd | 'none')[] {
  const files = readdirSync(join(root, dir, 'attempts')).filter((name) =>
    name.startsWith(String(job).padStart(4, '0')),
  );
  const claims = files.filter((name) => /-\d+\.\d+\.json$/.test(name)).sort();
  return claims.map((claim) => {
    const stem = claim.slice(0, -'json'.length);
    const end = files.find(
      (name) => name.startsWith(stem) && name !== claim && name.endsWith('.json'),
    );
    return (end?.slice(stem.length, -'.json'.length) ?? 'none') as AttemptEnd | 'none';
  });
}

/** The newest checkpoint of an attempt. */
function updateOf(dir: string, job: number, attempt: number): number {
  const folder = join(root, dir, 'attempts');
  const run = readdirSync(folder).find((name) =>
    new RegExp(`^${String(job).padStart(4, '0')}-[^.]*\\.${attempt}$`).test(name),
  );
  if (run === undefined) return 0;
  try {
    const names = readdirSync(join(folder, run, 'checkpoints')).filter((name) =>
      /^update/.test(name),
    );
    return Math.max(0, ...names.map((name) => Number(name.slice('update-'.length))));
  } catch {
    return 0;
  }
}

/** The intents of a sweep's ledger. */
const intents = (dir: string): Record<string, unknown>[] =>
  jsonLines(readFileSync(join(root, dir, 'ledger.jsonl'), 'utf8')).filter(
    ({ type }) => type === 'intent',
  );

/** `NUMBER_TASK` and node of a running job of the sweep's submission of this number. */
function taskOf(submission: number, index: number): { id: string; node: string } {
  const token = intents('cluster')[submission]?.['token'];
  const lines = cluster?.ask('squeue', '-h', '-r', '-o', '%F_%K %K %N %j').split('\n') ?? [];
  for (const line of lines) {
    const [id = '', task, node = '', name] = line.split(' ');
    if (Number(task) === index && name === token) return { id, node };
  }
  return { id: '', node: '' };
}

/** Tasks of a sweep's submission in this state, as the scheduler says. */
const inState = (submission: number, state: string): number =>
  (cluster?.ask('squeue', '-h', '-r', '-t', state, '-o', '%j').split('\n') ?? []).filter(
    (name) => name === intents('cluster')[submission]?.['token'],
  ).length;

let local: Promise<Finished> | undefined;

beforeAll(async () => {
  if (cluster === undefined) return;
  give(root, runner);
  // As many threads as a node has: logs say how many there were.
  local = ncn(tiny('local', '5', '--jobs', '1', '--threads', '1'));
  await cluster.start();
}, 180_000);

afterAll(() => cluster?.stop(), 60_000);

test.skipIf(cluster === undefined)(
  'Slurm passes the tests of every launcher',
  () => {
    const script = resolve(import.meta.dirname, '../../../dist/bench/cluster/contract.js');
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [script, join(root, 'contract')],
      { cwd: root, env: cluster?.environment, encoding: 'utf8', ...runner.ids },
    );
    expect(status, stderr).toBe(0);
    const checks = launcherContract(() => slurmLauncher(slurmOptions.parse({})));
    expect(stdout.trim().split('\n')).toEqual(checks.map(({ name }) => name));
  },
  300_000,
);

test.skipIf(cluster === undefined)(
  'a sweep survives what a cluster does to it, and ends as one that nothing happened to',
  async () => {
    if (cluster === undefined) return;
    const dir = join(root, 'cluster');
    // One job of its own, which reaches its time limit: one minute, with notice.
    // Slurm may give notice half a minute early: then after ten seconds, in which it has to load.
    const limit = ['--launcher-set', 'time=1', '--launcher-set', 'warning=20'];
    await ok(tiny('timed', '1', ...slurm, ...limit), 'timed');
    const said = await ok(tiny('cluster', '4', ...slurm, '--jobs', '2'));
    expect(said).toContain('4 of 4 jobs handed to slurm');
    // Nothing that is under way is handed over again.
    expect(await ok(tiny('cluster', '4', ...slurm, '--jobs', '2'))).toContain('0 of 4 jobs handed');

    // Throttled: nodes have nothing to do, and jobs wait.
    await until('two jobs have checkpoints', () =>
      [1, 2].every((job) => updateOf('cluster', job, 1) > 0),
    );
    expect([inState(0, 'R'), inState(0, 'PD')]).toEqual([2, 2]);
    expect(cluster.idle()).toBeGreaterThan(0);

    // Cancelled while it runs and while it waits; handed in again.
    await ok(['sweep', 'cancel', dir, '1', '4']);
    await until('the cancelled job has saved its state', () => ends('cluster', 1)[0] === 'yielded');
    expect(await states('cluster')).toMatchObject({ 1: 'cancelled', 4: 'cancelled' });
    await ok(['sweep', 'retry', dir, '1', '4']);
    expect(await ok(['sweep', '--dir', dir])).toContain('2 of 4 jobs handed to slurm');
    letGo('cluster', 1, 3, 4);

    // Requeued by the scheduler: it goes on where it was.
    const at = updateOf('cluster', 2, 1);
    cluster.ask('scontrol', 'requeue', taskOf(0, 1).id);
    await until('it has saved its state', () => ends('cluster', 2)[0] === 'yielded');
    await until('it has begun again', () => ends('cluster', 2).length >= 2);
    await until('it is as far in its second attempt', () => updateOf('cluster', 2, 2) >= at);
    letGo('cluster', 2);

    // One that is added.
    expect(await ok(tiny('cluster', '5', ...slurm))).toContain('1 of 5 jobs handed to slurm');
    await until('the fifth job has a checkpoint', () => updateOf('cluster', 5, 1) > 0);

    // The time limit comes. A controller that dies now would forget that the job is to go on.
    await until('the time limit was seen to come', () => ends('timed', 1)[0] === 'yielded');
    letGo('timed', 1);
    // A slow machine may reach the limit more than once before this.
    await until('it has begun again and is done', () => ends('timed', 1).at(-1) === 'done', 180);
    expect(ends('timed', 1).length).toBeGreaterThan(1);

    // The controller dies: nobody knows, and nothing is called gone.
    // It writes a change down within seconds: after ten there is none that it has not.
    const since = Date.now();
    const isSaved = (): boolean => cluster.savedAt() > since || Date.now() > since + 10_000;
    await until('the controller has written down its jobs', isSaved);
    cluster.kill('slurmctld');
    const unknown = await states('cluster');
    expect(unknown[5]).toBe('unknown');
    expect(Object.values(unknown)).not.toContain('lost');
    cluster.startController();
    await until('the controller answers', () => cluster.ask('sinfo', '-h') !== '');
    await until('it knows where the fifth job is', () => taskOf(2, 0).node !== '');

    // A node's daemon dies. Its job lives on, unknown to Slurm, which starts a second copy.
    const { node } = taskOf(2, 0);
    cluster.kill(node);
    // As the controller would by itself, in half a minute.
    cluster.ask('scontrol', 'update', `NodeName=${node}`, 'State=DOWN', 'Reason=silent');
    await until('a second copy has taken over', () => ends('cluster', 5).length >= 2);
    await until('the stale copy has left', () => ends('cluster', 5)[0] === 'superseded');
    letGo('cluster', 5);
    cluster.startNode(node);
    cluster.ask('scontrol', 'update', `NodeName=${node}`, 'State=RESUME');

    for (const sweep of [dir, join(root, 'timed')]) {
      const watched = await ncn(['sweep', 'watch', sweep]);
      const status = watched.code === 0 ? '' : (await ncn(['sweep', 'status', sweep])).stdout;
      expect(watched.code, watched.stdout + watched.stderr + status).toBe(0);
      expect(watched.stdout).toMatch(/(5 of 5|1 of 1) done/);
    }
    expect(ends('timed', 1).at(-1)).toBe('done');

    const uninterrupted = await local;
    expect(uninterrupted?.code, uninterrupted?.stderr).toBe(0);
    for (const seed of [1, 2, 3, 4, 5]) {
      const run = jobName(seed);
      expect(fingerprint(join(dir, run)), run).toEqual(fingerprint(join(root, 'local', run)));
    }
    expect(fingerprint(join(root, 'timed', jobName(1)))).toEqual(
      fingerprint(join(root, 'local', jobName(1))),
    );
    // Only what was not finished was handed in again.
    expect(intents('cluster').map(({ numbers }) => numbers)).toEqual([[1, 2, 3, 4], [1, 4], [5]]);
    await until('no process is left behind', () => cluster.left().length === 0, 20);
  },
  600_000,
);
