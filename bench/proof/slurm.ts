/**
 * The whole post on a real Slurm that this starts on this machine, as an ordinary user, against
 * the same on this machine alone: `npm run proof:slurm -- --updates 40 --seeds 1 --nodes 2`.
 * Every run must be the same bit for bit, and nothing may be left running. Prints a JSON summary.
 */
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readLedger } from '../../lab/sweep/ledger.js';
import { Cluster, noCluster, until } from '../cluster/slurm.js';
import { ordinaryUser, type Runner } from '../cluster/user.js';
import { flag, maybe, scriptOptions, whole, word } from '../options.js';
import { main, outcomeOf } from './command.js';

const values = scriptOptions({
  command: 'npm run proof:slurm',
  about: 'The whole post on a real Slurm of this machine, against the same without it.',
  options: {
    updates: whole('updates of each run', 40),
    seeds: word('range', 'seeds', '1'),
    profile: word('name', 'profile', 'quick'),
    nodes: whole('nodes of the cluster', 2),
    presets: maybe('names', 'presets with commas; all by default'),
    keep: flag('keeps the folder and says where it is'),
  },
});

/** Minutes that a command took. @throws Error where it fails */
function ncn(args: readonly string[], cwd: string, env: NodeJS.ProcessEnv, { ids }: Runner) {
  const began = performance.now();
  const child = spawn(process.execPath, [main, ...args], {
    ...{ cwd, env: { ...env, NO_COLOR: '1' }, ...ids },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  return new Promise<number>((done, fail) => {
    child.on('error', fail);
    child.on('close', (code) => {
      if (code === 0) done(Number(((performance.now() - began) / 60_000).toFixed(1)));
      else fail(new Error(`ncn ${args.join(' ')} exited with ${String(code)}`));
    });
  });
}

/** What a report says, without where and when. */
function reportOf(sweep: string): string {
  const text = readFileSync(join(sweep, 'report', 'results.json'), 'utf8');
  return text.replaceAll(sweep, 'SWEEP');
}

async function prove(): Promise<boolean> {
  if (noCluster !== undefined) {
    console.error(`error: ${noCluster}`);
    return false;
  }
  const folder = mkdtempSync(join(tmpdir(), 'ncn-slurm-'));
  for (const name of ['daemons', 'work']) mkdirSync(join(folder, name));
  const runner = ordinaryUser(main, folder);
  if (runner.remark !== undefined) console.error(runner.remark);
  const nodes = Array.from({ length: values.nodes }, (_, i) => `n${i + 1}`);
  const cluster = new Cluster(join(folder, 'daemons'), runner, nodes);
  const [there, here] = [join(folder, 'cluster'), join(folder, 'local')];
  const { profile, seeds, updates, presets } = values;
  const common = [
    ...['reproduce', '--profile', profile, '--seeds', seeds, '--updates', String(updates)],
    ...(presets === undefined ? [] : ['--presets', presets]),
  ];
  const launcher = ['poll=5', 'grace=10'].flatMap((one) => ['--launcher-set', one]);
  const work = join(folder, 'work');
  try {
    await cluster.start();
    const onSlurm = [...common, '--launcher', 'slurm', ...launcher, '--wait', '--dir', there];
    const slurmMinutes = await ncn(onSlurm, work, cluster.environment, runner);
    await until('nothing of the jobs is left', () => cluster.left().length === 0, 30);
    const alone = [...common, '--jobs', String(values.nodes), '--threads', '1', '--dir', here];
    const localMinutes = await ncn(alone, work, cluster.environment, runner);
    const jobs = [...(await readLedger(here)).values()].map(({ job }) => job.name);
    const different = jobs.filter((job) => {
      return outcomeOf(join(there, job)) !== outcomeOf(join(here, job));
    });
    const sameReport = reportOf(there) === reportOf(here);
    const summary = {
      ...{ jobs: jobs.length, nodes: nodes.length, user: runner.name, different, sameReport },
      attempts: readdirSync(join(there, 'attempts')).filter((name) => /\.\d+\.json$/.test(name))
        .length,
      minutes: { slurm: slurmMinutes, local: localMinutes },
    };
    console.log(JSON.stringify(summary, null, 2));
    return different.length === 0;
  } finally {
    await cluster.stop();
    const left = cluster.left().length;
    if (left > 0) console.error(`${left} processes are left behind`);
    if (values.keep) console.error(folder);
    else rmSync(folder, { recursive: true, force: true });
  }
}

process.exitCode = (await prove()) ? 0 : 1;
