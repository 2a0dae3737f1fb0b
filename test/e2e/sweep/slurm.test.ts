import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AttemptEnd } from '../../../lab/sweep/attempts.js';
import { fingerprint, jsonLines, start, temporary, tinyIdx, type Finished } from '../support.js';
import { Cluster, noCluster, until } from './cluster.js';

if (noCluster !== undefined) console.log(`Sweeps on a real Slurm are not tested: ${noCluster}`);

const slow = join(import.meta.dirname, 'slow.ts');
const root = temporary();
const cluster = noCluster === undefined ? new Cluster(temporary()) : undefined;
let data: string;

const slurm = [
  ...['--launcher', 'slurm', '--launcher-set', 'poll=1', '--launcher-set', 'grace=2'],
] as const;

/** Jobs of 160 updates: on the cluster, of 0.15 seconds each. */
const tiny = (dir: string, seeds: string, ...more: string[]): string[] => [
  ...['sweep', '--presets', 'dcnn_v1', '--seeds', seeds, '--dir', join(root, dir)],
  ...['--plugin', slow, '--dataset', `idx:${data}`, '--engine', 'wasm', '--updates', '160'],
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
const ncn = (
  args: readonly string[],
  more: Readonly<Record<string, string>> = {},
): Promise<Finished> =>
  start(args, { SLURM_CONF: cluster?.config ?? '', NCN_TEST_SLOW: '150', ...more }).finished;

const ok = async (args: readonly string[]): Promise<string> => {
  const { code, stdout, stderr } = await ncn(args);
  expect(code, stderr + stdout).toBe(0);
  return stdout;
};

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

const running = (): number =>
  (cluster?.ask('squeue', '-h', '-r', '-t', 'R', '-o', '%j').split('\n') ?? []).filter(
    (line) => line !== '' && line !== timed,
  ).length;
/** Name of the array that is to reach its time limit. */
let timed = '';

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

beforeAll(async () => {
  if (cluster === undefined) return;
  data = tinyIdx();
  const local = ncn(tiny('local', '5', '--jobs', '2'), { NCN_TEST_SLOW: '0' });
  await cluster.start();
  const { code, stderr } = await local;
  expect(code, stderr).toBe(0);
}, 120_000);

afterAll(() => cluster?.stop());

test.skipIf(cluster === undefined)(
  'a sweep survives what a cluster does to it, and ends as one that nothing happened to',
  async () => {
    if (cluster === undefined) return;
    const dir = join(root, 'cluster');
    // One job of its own, which reaches its time limit: one minute, with notice.
    const limit = ['--launcher-set', 'time=1', '--launcher-set', 'warning=30'];
    await ok(tiny('timed', '1', ...slurm, ...limit));
    timed = readdirSync(join(root, 'timed', 'submissions'))[0]?.replace(/\.\w+$/, '') ?? '';
    const said = await ok(tiny('cluster', '4', ...slurm, '--jobs', '2'));
    expect(said).toContain('4 of 4 jobs handed to slurm');
    // Nothing that is under way is handed over again.
    expect(await ok(tiny('cluster', '4', ...slurm, '--jobs', '2'))).toContain('0 of 4 jobs handed');

    // Throttled; cancelled while it runs and while it waits; handed in again.
    await until('two jobs have checkpoints', () =>
      [1, 2].every((job) => updateOf('cluster', job, 1) > 0),
    );
    expect(running()).toBe(2);
    await ok(['sweep', 'cancel', dir, '1', '4']);
    await until('the cancelled job has saved its state', () => ends('cluster', 1)[0] === 'yielded');
    expect(await states('cluster')).toMatchObject({ 1: 'cancelled', 4: 'cancelled' });
    await ok(['sweep', 'retry', dir, '1', '4']);
    expect(await ok(['sweep', '--dir', dir])).toContain('2 of 4 jobs handed to slurm');

    // Requeued by the scheduler: it goes on where it was.
    const second = taskOf(0, 1);
    const at = updateOf('cluster', 2, 1);
    cluster.ask('scontrol', 'requeue', second.id);
    await until('it has saved its state', () => ends('cluster', 2)[0] === 'yielded');
    await until('it is further in its second attempt', () => updateOf('cluster', 2, 2) > at);

    // One that is added lasts longer.
    const fifth = await ncn(tiny('cluster', '5', ...slurm), { NCN_TEST_SLOW: '400' });
    expect(fifth.stdout).toContain('1 of 5 jobs handed to slurm');
    await until('the fifth job has a checkpoint', () => updateOf('cluster', 5, 1) > 0);

    // The controller dies: nobody knows, and nothing is called gone.
    cluster.kill('slurmctld');
    const unknown = await states('cluster');
    expect(Object.values(unknown)).toContain('unknown');
    expect(Object.values(unknown)).not.toContain('lost');
    cluster.startController();
    await until('the controller answers', () => cluster.ask('sinfo', '-h') !== '');

    // A node's daemon dies. Its job lives on, unknown to Slurm, which starts a second copy.
    const node = taskOf(2, 0).node;
    cluster.kill(node);
    // As the controller would by itself, in half a minute.
    cluster.ask('scontrol', 'update', `NodeName=${node}`, 'State=DOWN', 'Reason=silent');
    await until('a second copy has taken over', () => ends('cluster', 5).length === 2);
    await until('the stale copy has left', () => ends('cluster', 5)[0] === 'superseded');
    cluster.startNode(node);
    cluster.ask('scontrol', 'update', `NodeName=${node}`, 'State=RESUME');

    const watched = await ncn(['sweep', 'watch', dir]);
    expect(watched.code, watched.stdout + watched.stderr).toBe(0);
    expect(watched.stdout).toContain('5 of 5 done');
    const late = await ncn(['sweep', 'watch', join(root, 'timed')]);
    expect(late.code, late.stdout + late.stderr).toBe(0);
    expect(ends('timed', 1)[0]).toBe('yielded');
    expect(ends('timed', 1).at(-1)).toBe('done');

    for (const seed of [1, 2, 3, 4, 5]) {
      const run = `000${seed}-dcnn_v1-${seed}`;
      expect(fingerprint(join(dir, run)), run).toEqual(fingerprint(join(root, 'local', run)));
    }
    expect(fingerprint(join(root, 'timed/0001-dcnn_v1-1'))).toEqual(
      fingerprint(join(root, 'local/0001-dcnn_v1-1')),
    );
    // Only what was not finished was handed in again.
    expect(intents('cluster').map(({ numbers }) => numbers)).toEqual([[1, 2, 3, 4], [1, 4], [5]]);
    await until('no process is left behind', () => cluster.left().length === 0, 20);
  },
  400_000,
);
