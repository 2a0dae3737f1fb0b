import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { hostname, userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

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

/** A real Slurm of three nodes on this machine, run by whoever runs the tests. */
export class Cluster {
  readonly nodes = ['n1', 'n2', 'n3'] as const;
  private readonly processes = new Map<string, ChildProcess>();
  readonly config: string;

  constructor(private readonly folder: string) {
    this.config = join(folder, 'slurm.conf');
    for (const name of ['state', 'run', 'log', 'spool']) mkdirSync(join(folder, name));
    for (const node of this.nodes) mkdirSync(join(folder, 'spool', node));
    const port = 20_000 + Math.floor(Math.random() * 10_000);
    const host = hostname().split('.')[0] ?? '';
    const user = userInfo().username;
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
      ...this.nodes.map(
        (node, i) =>
          `NodeName=${node} NodeHostname=${node} NodeAddr=127.0.0.1 Port=${port + 1 + i} CPUs=1 RealMemory=1000 State=UNKNOWN`,
      ),
      'PartitionName=main Nodes=n[1-3] Default=YES MaxTime=INFINITE State=UP',
    ];
    writeFileSync(this.config, `${lines.join('\n')}\n`);
    writeFileSync(join(folder, 'cgroup.conf'), 'CgroupPlugin=cgroup/v1\n');
  }

  async start(): Promise<void> {
    this.startController(true);
    for (const node of this.nodes) this.startNode(node);
    await until(
      'three nodes are idle',
      () => this.ask('sinfo', '-h', '-o', '%T %D') === 'idle 3',
      30,
    );
  }

  startController(fresh = false): void {
    this.launch('slurmctld', controller ?? '', ['-D', '-f', this.config, ...(fresh ? ['-i'] : [])]);
  }

  startNode(node: string): void {
    this.launch(node, daemon ?? '', ['-D', '-N', node, '-f', this.config]);
  }

  private launch(name: string, program: string, args: readonly string[]): void {
    this.processes.set(name, spawn(program, args, { stdio: 'ignore' }));
  }

  /** Kills the controller (`slurmctld`) or a node's daemon. */
  kill(name: string): void {
    this.processes.get(name)?.kill('SIGKILL');
    this.processes.delete(name);
  }

  /** Standard output of one of Slurm's programs. */
  ask(program: string, ...args: readonly string[]): string {
    const env = { ...process.env, SLURM_CONF: this.config };
    return spawnSync(program, args, { env, encoding: 'utf8' }).stdout.trim();
  }

  /** Ends everything that belongs to the cluster: daemons, those of its jobs, jobs. */
  async stop(): Promise<void> {
    this.ask('scancel', '--full', `--user=${userInfo().username}`);
    await sleep(500);
    for (const process of this.processes.values()) process.kill('SIGKILL');
    for (const pid of this.left()) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It has ended meanwhile.
      }
    }
  }

  /** Processes that name the cluster's folder, or run in its environment, daemons apart. */
  left(): number[] {
    const daemons = new Set([...this.processes.values()].map(({ pid }) => pid));
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
      .filter((name) => {
        try {
          const about = ['cmdline', 'environ'].map((file) =>
            readFileSync(`/proc/${name}/${file}`, 'latin1'),
          );
          return about.join('').includes(this.folder);
        } catch {
          return false;
        }
      })
      .map(Number)
      .filter((pid) => !daemons.has(pid));
  }
}
