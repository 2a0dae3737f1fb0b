import { basename, dirname } from 'node:path';
import type { Launcher, Sighting, Submission } from '../../core/plugins/launcher.js';
import type { JsonValue } from '../../core/run/json.js';
import { RandomStreams } from '../../core/random/streams.js';
import { fateOf, WaitingJob } from './nodes.js';

export interface SimulationOptions {
  /** Nodes, each of which runs one job at a time. */
  readonly nodes: number;
  /** Mean seconds of a job; they take between half and one and a half times as long. */
  readonly seconds: number;
  /** Milliseconds between polls, and until a job out of sight counts as lost. */
  readonly pollEvery: number;
  readonly grace: number;
  /** Jobs in an array. */
  readonly most: number;
}

interface Task {
  readonly key: string;
  readonly name: string;
  readonly sweep: string;
  readonly array: SimulatedArray;
  state: 'queued' | 'running' | 'gone';
  node: number;
  stop: () => void;
}

interface SimulatedArray {
  readonly token: string;
  readonly tasks: readonly Task[];
  readonly atOnce: number;
  running: number;
  /** Tasks that wait, from `next` on. */
  readonly queue: Task[];
  next: number;
}

/**
 * A scheduler with simulated nodes, whose jobs do to the sweep's folder what real ones do, and
 * otherwise wait. Some are preempted, some die with their node and are queued again, and some
 * vanish.
 */
export class SimulatedCluster implements Launcher {
  readonly name = 'simulated';
  readonly queues = true;
  readonly pollEvery: number;
  readonly grace: number;
  readonly most: number;
  /** Milliseconds from the start of each attempt until it could begin to work, in order. */
  readonly claims: number[] = [];
  /** Attempts of all jobs so far, and jobs that are over. */
  starts = 0;
  over = 0;
  /** Why a simulated job broke; none should. */
  readonly broken: unknown[] = [];
  private readonly arrays = new Map<string, SimulatedArray>();
  /** Starts of each job, in whichever array. */
  private readonly startsOf = new Map<string, number>();
  private readonly free: number[];
  private paused = false;

  constructor(private readonly options: SimulationOptions) {
    this.pollEvery = options.pollEvery;
    this.grace = options.grace;
    this.most = options.most;
    this.free = Array.from({ length: options.nodes }, (_, node) => node);
  }

  /** Starts nothing more, or goes on. */
  pause(paused: boolean): void {
    this.paused = paused;
    this.dispatch();
  }

  readonly submit = ({ token, jobs, atOnce }: Submission): Promise<JsonValue[]> => {
    const queue: Task[] = [];
    const array: SimulatedArray = {
      ...{ token, tasks: queue, queue: [], next: 0, running: 0 },
      atOnce: atOnce ?? Infinity,
    };
    for (const [index, { name, log }] of jobs.entries()) {
      queue.push({
        ...{ key: `${token}/${index}`, name, array, state: 'queued', node: 0 },
        sweep: dirname(dirname(log)),
        stop: () => undefined,
      });
    }
    array.queue.push(...queue);
    this.arrays.set(token, array);
    this.dispatch();
    return Promise.resolve(queue.map(({ key }) => key));
  };

  readonly find = (token: string, jobs: number): Promise<(JsonValue | null)[]> => {
    const tasks = this.arrays.get(token)?.tasks ?? [];
    return Promise.resolve(Array.from({ length: jobs }, (_, i) => tasks[i]?.key ?? null));
  };

  readonly poll = (handles: readonly JsonValue[]): Promise<Sighting[]> => {
    return Promise.resolve(
      handles.map((handle): Sighting => {
        const task = this.task(handle);
        if (task?.state === 'queued') return { kind: 'queued', why: 'Resources' };
        if (task?.state === 'running') return { kind: 'running', where: `n${task.node}` };
        return { kind: 'absent' };
      }),
    );
  };

  readonly stop = (handles: readonly JsonValue[]): Promise<void> => {
    for (const handle of handles) {
      const task = this.task(handle);
      if (task?.state === 'queued') task.state = 'gone';
      task?.stop();
    }
    return Promise.resolve();
  };

  private task(handle: JsonValue): Task | undefined {
    if (typeof handle !== 'string') return undefined;
    return this.arrays.get(dirname(handle))?.tasks[Number(basename(handle))];
  }

  private dispatch(): void {
    for (const array of this.arrays.values()) {
      while (!this.paused && array.running < array.atOnce && array.next < array.queue.length) {
        const task = array.queue[array.next];
        if (task?.state === 'queued') {
          const node = this.free.pop();
          if (node === undefined) return;
          task.node = node;
          void this.start(task);
        }
        array.next += 1;
      }
    }
  }

  private async start(task: Task): Promise<void> {
    const { array, name, sweep } = task;
    task.state = 'running';
    array.running += 1;
    this.starts += 1;
    const stopped = new Promise<void>((done) => (task.stop = done));
    const share = 0.5 + new RandomStreams(2).at(name).uniform();
    try {
      const job = new WaitingJob(sweep, name, array.token);
      const before = this.startsOf.get(`${sweep}/${name}`) ?? 0;
      this.startsOf.set(`${sweep}/${name}`, before + 1);
      const fate = fateOf(name, before + 1);
      const { over, claimed } = await job.run(fate, this.options.seconds * share, stopped);
      this.claims.push(claimed);
      task.state = over ? 'gone' : 'queued';
    } catch (error) {
      this.broken.push(error);
      task.state = 'gone';
    }
    if (task.state === 'queued') array.queue.push(task);
    else this.over += 1;
    array.running -= 1;
    this.free.push(task.node);
    this.dispatch();
  }
}
