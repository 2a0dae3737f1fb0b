/**
 * Sweeps on a simulated cluster: `npm run bench:cluster -- --jobs 1000,10000 --nodes 20,200`.
 *
 * The command line is the real one (`ncn sweep`, `status`, `watch`, `cancel`, `retry`), and so are
 * the files; the scheduler and its nodes are simulated, in this process, and their jobs only wait
 * (`--seconds`, a mean). One in twenty jobs is preempted, one in fifty dies with its node, one
 * in a hundred vanishes without a word. Prints a JSON summary for each size, so that what does not grow in
 * proportion shows. `--poll`: seconds between the polls of `watch`, 10 as for Slurm. `--folder`: where the
 * sweep is, by default in memory (/dev/shm), as one disk cannot stand for those of 200 nodes.
 */
import { existsSync } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { parseJson } from '../../core/run/json.js';
import { number, scriptOptions, whole, wholes, word } from '../options.js';
import { filesIn, measured, type Measured } from './measured.js';
import { SimulatedCluster } from './simulation.js';
import { serveLauncher } from './socket.js';

const values = scriptOptions({
  command: 'npm run bench:cluster',
  about: 'Sweeps on a simulated cluster, of one size after the other.',
  options: {
    jobs: wholes('jobs of each', [1000, 10_000]),
    nodes: wholes('nodes of each', [20, 200]),
    seconds: number('what a job takes, a mean', 2),
    poll: number('seconds between the polls of watch', 10),
    grace: number('seconds before a job that is not seen counts as lost', 5),
    array: whole('jobs of an array at most', 1000),
    folder: word('dir', 'where the sweep is', existsSync('/dev/shm') ? '/dev/shm' : tmpdir()),
  },
});

const said = z.object({ counts: z.record(z.string(), z.int()) });

/** Time, memory and, of `status`, bytes and counts. */
const about = ({ seconds, cpu, memory }: Measured) => ({
  seconds: Number(seconds.toFixed(2)),
  'CPU seconds': cpu,
  'memory MiB': memory,
});

/** Robust against a machine that is busy now and then. */
const median = (numbers: readonly number[]): number =>
  Number(([...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? NaN).toFixed(1));

async function simulate(jobs: number, nodes: number): Promise<unknown> {
  const folder = await mkdtemp(join(values.folder, 'ncn-cluster-'));
  const most = values.array;
  const pollEvery = values.poll * 1000;
  const grace = values.grace * 1000;
  const cluster = new SimulatedCluster({
    ...{ nodes, pollEvery, grace, most },
    seconds: values.seconds,
  });
  const socket = join(folder, 'socket');
  const polls = new Map<number, number>();
  const server = await serveLauncher(cluster, socket, (pid, what) => {
    if (what === 'poll') polls.set(pid, (polls.get(pid) ?? 0) + 1);
  });
  const sweep = join(folder, 'sweep');
  const ncn = (...args: string[]): Promise<Measured> => measured(args, folder);
  const submit = [
    ...['sweep', '--presets', 'dcnn_v1', '--profile', 'quick', '--dataset', 'glyphs'],
    ...['--seeds', String(jobs), '--dir', sweep],
    ...['--launcher', resolve(import.meta.dirname, 'plugin.js')],
    ...[`socket=${socket}`, `poll=${pollEvery}`, `grace=${grace}`, `most=${most}`].flatMap(
      (option) => ['--launcher-set', option],
    ),
  ];
  try {
    // Nothing runs yet: everything is taken back, put into the plan again, and handed in again.
    cluster.pause(true);
    const first = await ncn(...submit);
    const cancel = await ncn('sweep', 'cancel', sweep);
    const retry = await ncn('sweep', 'retry', sweep);
    const second = await ncn('sweep', '--dir', sweep);
    const queued = await ncn('sweep', 'status', sweep, '--json');
    const began = performance.now();
    cluster.pause(false);
    const watching = ncn('sweep', 'watch', sweep);
    const statuses: unknown[] = [];
    for (const share of [0.25, 0.5, 0.75]) {
      while (cluster.over < share * jobs) await sleep(100);
      const status = await ncn('sweep', 'status', sweep);
      statuses.push({ 'share over': share, ...about(status) });
    }
    const watch = await watching;
    const minutes = (performance.now() - began) / 60_000;
    // Jobs that vanished are handed in again.
    const again = await ncn('sweep', '--dir', sweep, '--wait');
    const status = await ncn('sweep', 'status', sweep, '--json');
    const tenth = Math.ceil(cluster.claims.length / 10);
    for (const error of cluster.broken) console.error(error);
    const runs = await filesIn(sweep);
    const attempts = await filesIn(join(sweep, 'attempts'));
    const logs = await filesIn(join(sweep, 'logs'));
    const { size } = await stat(join(sweep, 'ledger.jsonl'));
    return {
      ...{ jobs, nodes, attempts: cluster.starts, broken: cluster.broken.length },
      counts: said.parse(parseJson(status.stdout)).counts,
      submit: about(first),
      cancel: about(cancel),
      retry: about(retry),
      'submit again': about(second),
      'status, all queued': about(queued),
      'status --json bytes a job': Math.round(queued.stdout.length / jobs),
      'status, while they run': statuses,
      'status, all done': about(status),
      'hand in what vanished, and wait': about(again),
      watch: { ...about(watch), minutes: Number(minutes.toFixed(2)), code: watch.code },
      'polls a minute of watch': Number(((polls.get(watch.pid ?? 0) ?? 0) / minutes).toFixed(1)),
      'ms until an attempt can begin': {
        'first tenth': median(cluster.claims.slice(0, tenth)),
        'last tenth': median(cluster.claims.slice(-tenth)),
      },
      'ledger bytes a job': Math.round(size / jobs),
      'files a job': {
        attempts: Number((attempts.files / jobs).toFixed(2)),
        logs: Number((logs.files / jobs).toFixed(2)),
        'all, with the runs': Number((runs.files / jobs).toFixed(2)),
      },
    };
  } finally {
    server.close();
    await rm(folder, { recursive: true, force: true });
  }
}

const { jobs: sizes, nodes } = values;
for (const [i, jobs] of sizes.entries()) {
  console.log(JSON.stringify(await simulate(jobs, nodes[i] ?? nodes.at(-1) ?? 1), null, 2));
}
