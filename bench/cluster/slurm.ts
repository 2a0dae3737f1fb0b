import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { give, type Runner } from './user.js';

const there = (program: string): string | undefined =>
  ['/usr/sbin', '/usr/bin', '/usr/local/sbin', '/usr/local/bin']
    .flatMap((folder) => [join(folder, `${program}-wlm`), join(folder, program)])
    .find((path) => existsSync(path));

const [controller, daemon] = [there('slurmctld'), there('slurmd')];
const plugins = [
  '/usr/lib/x86_64-linux-gnu',
  '/usr/lib/aarch64-linux-gnu',
  '/usr/lib64',
  '/usr/lib',
]
  .map((folder) => ['slurm-wlm', 'slurm'].map((name) => join(folder, name)))
  .flat()
  .find((path) => existsSync(join(path, 'auth_none.so')));

/** Why there can be no cluster here; undefined where there can. */
export const noCluster =
  controller === undefined || daemon === undefined || there('sbatch') === undefined
    ? 'Slurm is not installed (apt-get install slurmctld slurmd slurm-client)'
    : plugins === undefined
      ? 'this Slurm has no auth/none'
      : undefined;

/** Waits until something holds. */
export async function until(
  what: string,
  holds: () => boolean | Promise<boolean>,
  seconds = 90,
): Promise<void> {
  const end = performance.now() + seconds * 1000;
  while (!(await holds())) {
    if (performance.now() > end) throw new Error(`after ${seconds} s still not: ${what}`);
    await sleep(250);
  }
}

/** Ports of this machine that nobody uses at the moment. */
async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer());
  const ports: number[] = [];
  for (const server of servers) {
    await new Promise<void>((listening) => server.listen(0, listening));
    const address = server.address();
    if (typeof address === 'object' && address !== null) ports.push(address.port);
  }
  await Promise.all(
    servers.map((server) => new Promise<void>((closed) => server.close(() => closed()))),
  );
  return ports;
}

/** A real Slurm of a few nodes on this machine, of one processor each. */
export class Cluster {
  readonly config: string;
  /** What Slurm's programs and jobs of the cluster need to know. */
  readonly environment: NodeJS.ProcessEnv;
  private readonly processes = new Map<string, ChildProcess>();

  /** @param folder empty; its own */
  constructor(
    private readonly folder: string,
    private readonly runner: Runner,
    readonly nodes: readonly string[],
  ) {
    this.config = join(folder, 'slurm.conf');
    this.environment = {
      ...process.env,
      ...{ SLURM_CONF: this.config, HOME: folder, TMPDIR: folder, USER: runner.name },
    };
    for (const name of ['state', 'run', 'log', 'spool']) mkdirSync(join(folder, name));
    for (const node of this.nodes) mkdirSync(join(folder, 'spool', node));
  }

  private configure([port = 0, ...ports]: readonly number[]): void {
    const { folder, nodes } = this;
    const host = hostname().split('.')[0] ?? '';
    const user = this.runner.name;
    const lines = [
      'ClusterName=ncn',
      `SlurmctldHost=${host}(127.0.0.1)`,
      `SlurmctldPort=${port}`,
      `SlurmUser=${user}`,
      `SlurmdUser=${user}`,
      'AuthType=auth/none',
      'CredType=cred/none',
      'AuthInfo=cred_expire=5',
      `PluginDir=${plugins ?? ''}`,
      `StateSaveLocation=${folder}/state`,
      `SlurmdSpoolDir=${folder}/spool/%n`,
      `SlurmctldPidFile=${folder}/run/slurmctld.pid`,
      `SlurmdPidFile=${folder}/run/slurmd.%n.pid`,
      `SlurmctldLogFile=${folder}/log/slurmctld.log`,
      `SlurmdLogFile=${folder}/log/slurmd.%n.log`,
      'ProctrackType=proctrack/linuxproc',
      'TaskPlugin=task/none',
      'JobAcctGatherType=jobacct_gather/none',
      'AccountingStorageType=accounting_storage/none',
      'MpiDefault=none',
      'SwitchType=switch/none',
      'SelectType=select/cons_tres',
      'SelectTypeParameters=CR_CPU',
      'SlurmdParameters=config_overrides',
      'ReturnToService=2',
      'JobRequeue=1',
      'KillWait=5',
      'SlurmdTimeout=4',
      'SchedulerParameters=batch_sched_delay=0,sched_min_interval=0,sched_interval=1',
      ...nodes.map(
        (node, i) =>
          `NodeName=${node} NodeHostname=${node} NodeAddr=127.0.0.1 Port=${ports[i] ?? 0} CPUs=1 RealMemory=1000 State=UNKNOWN`,
      ),
      `PartitionName=main Nodes=${nodes.join(',')} Default=YES MaxTime=INFINITE State=UP`,
    ];
    writeFileSync(this.config, `${lines.join('\n')}\n`);
    writeFileSync(join(folder, 'cgroup.conf'), 'CgroupPlugin=cgroup/v1\n');
    give(folder, this.runner);
  }

  /** @throws Error where it does not come up, also on other ports */
  async start(): Promise<void> {
    for (let left = 3; ; left--) {
      this.configure(await freePorts(1 + this.nodes.length));
      this.startController(true);
      for (const node of this.nodes) this.startNode(node);
      try {
        await until('its nodes are idle', () => this.idle() === this.nodes.length, 40);
        return;
      } catch (error) {
        // Somebody may have taken a port meanwhile.
        if (left === 0) throw error;
        for (const name of [...this.processes.keys()]) this.kill(name);
      }
    }
  }

  /** How many nodes have nothing to do. */
  idle(): number {
    return Number(this.ask('sinfo', '-h', '-t', 'idle', '-o', '%D')) || 0;
  }

  startController(fresh = false): void {
    this.launch('slurmctld', controller ?? '', ['-D', '-f', this.config, ...(fresh ? ['-i'] : [])]);
  }

  startNode(node: string): void {
    this.launch(node, daemon ?? '', ['-D', '-N', node, '-f', this.config]);
  }

  private launch(name: string, program: string, args: readonly string[]): void {
    const { runner, environment: env, folder: cwd } = this;
    const daemon = spawn(program, args, { stdio: 'ignore', env, cwd, ...runner.ids });
    daemon.on('error', () => undefined);
    this.processes.set(name, daemon);
  }

  /** When the controller last wrote down its jobs, in milliseconds: what came later dies with it. */
  savedAt(): number {
    const path = join(this.folder, 'state', 'job_state');
    return existsSync(path) ? statSync(path).mtimeMs : 0;
  }

  /** Kills the controller (`slurmctld`) or a node's daemon. */
  kill(name: string): void {
    this.processes.get(name)?.kill('SIGKILL');
    this.processes.delete(name);
  }

  /** Standard output of one of Slurm's programs. */
  ask(program: string, ...args: readonly string[]): string {
    const { runner, environment: env, folder: cwd } = this;
    return spawnSync(program, args, { env, cwd, encoding: 'utf8', ...runner.ids }).stdout.trim();
  }

  /** Ends everything that belongs to the cluster: daemons, those of its jobs, jobs. */
  async stop(): Promise<void> {
    this.ask('scancel', '--full', `--user=${this.runner.name}`);
    await sleep(500);
    for (const process of this.processes.values()) process.kill('SIGKILL');
    this.processes.clear();
    for (let tries = 20; tries > 0 && this.left().length > 0; tries--) {
      for (const pid of this.left()) {
        try {
          process.kill(pid, 'SIGKILL');
        } catch {
          // It has ended meanwhile.
        }
      }
      await sleep(250);
    }
  }

  /** Processes that name the cluster's folder, or run in its environment, its daemons apart. */
  left(): number[] {
    const daemons = new Set([...this.processes.values()].map(({ pid }) => pid));
    const controller = this.processes.get('slurmctld')?.pid;
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
      .filter((name) => {
        try {
          const about = ['cmdline', 'environ'].map((file) =>
            readFileSync(`/proc/${name}/${file}`, 'latin1'),
          );
          if (!about.join('').includes(this.folder)) return false;
          // The controller has a child for its scripts; field 4 is whose child a process is.
          const stat = readFileSync(`/proc/${name}/stat`, 'latin1');
          const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
          return controller === undefined || parent !== controller;
        } catch {
          return false;
        }
      })
      .map(Number)
      .filter((pid) => !daemons.has(pid));
  }
}
