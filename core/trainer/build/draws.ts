import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { sizeOfShape } from '../../data/examples.js';
import type { EngineSession } from '../../engine/types.js';
import { initialStream } from '../../step/declare.js';
import { uniformLimit } from '../../step/initializers.js';
import type { DrawJob, UniformJob } from './drawing.js';
import type { Prepared } from './prepare.js';

/** Built, the worker is a program of its own; from the sources there is none to start. */
const program = new URL('./drawing.js', import.meta.url);

/** Values of a tensor that are worth it. */
const large = 2 ** 20;
/** Values of all of them: to start a thread takes some 50 ms, in which this one draws as many. */
const worthwhile = 2 ** 22;

/** A tensor that somebody waits for. */
interface Wanted {
  readonly job: DrawJob;
  readonly done: (values: Float32Array | undefined) => void;
}

/** A thread that makes one tensor of a queue after the other. What it holds when it fails is not there. */
class Drawer {
  private current: Wanted | undefined;

  private constructor(
    private readonly worker: Worker,
    private readonly queue: Wanted[],
  ) {
    worker.on('message', (values: Float32Array) => {
      this.current?.done(values);
      this.next();
    });
    worker.on('error', () => this.end());
    worker.on('exit', () => this.end());
    this.next();
  }

  static start(queue: Wanted[]): Drawer | undefined {
    try {
      return new Drawer(new Worker(program, { execArgv: [] }), queue);
    } catch {
      // The machine may refuse another thread.
      return undefined;
    }
  }

  async close(): Promise<void> {
    await this.worker.terminate();
  }

  private next(): void {
    this.current = this.queue.shift();
    // What it has made is the engine's; there is nothing else for it to do.
    if (this.current === undefined) void this.worker.terminate();
    else this.worker.postMessage(this.current.job);
  }

  private end(): void {
    this.current?.done(undefined);
    this.current = undefined;
    // Nobody may be left who takes them.
    for (const { done } of this.queue.splice(0)) done(undefined);
  }
}

/**
 * The large tensors of a run's first state, made by a thread of its own while this one records and lowers the
 * programs, and by a second one, too, while this one waits for them: the documented discriminators start from 45
 * million random numbers and twice as many zeros. They are the same, bit for bit, as if they were drawn here. Where
 * a thread fails, there are none.
 */
export class Draws {
  private readonly uniform = new Map<string, Promise<Float32Array | undefined>>();
  private readonly zeros = new Map<number, Promise<Float32Array | undefined>[]>();
  private readonly queue: Wanted[] = [];
  private readonly drawers: Drawer[] = [];

  private constructor(private readonly session: EngineSession) {}

  /** Begins, where it is worthwhile and possible. */
  static begin(prepared: Prepared, session: EngineSession): Draws | undefined {
    const { placing } = session;
    if (placing === undefined || !existsSync(fileURLToPath(program))) return undefined;
    const seed = prepared.experiment.core.startSeed ?? prepared.random.seed;
    const jobs = new Map<string, UniformJob>();
    let sum = 0;
    for (const { definition, parameters } of prepared.built.networks.values()) {
      for (const { name, shape, initializer } of parameters) {
        const limit = uniformLimit(initializer, shape);
        const length = sizeOfShape(shape);
        if (limit === undefined || length < large) continue;
        sum += length;
        const full = `${definition.name}/${name}`;
        const stream = initialStream(full);
        const strides = placing.strides(shape);
        jobs.set(full, { kind: 'uniform', seed, stream, limit, shape, strides });
      }
    }
    if (sum < worthwhile) return undefined;
    const draws = new Draws(session);
    // The largest first: what comes then fills up.
    const bySize = [...jobs].sort(([, a], [, b]) => sizeOfShape(b.shape) - sizeOfShape(a.shape));
    for (const [name, job] of bySize) draws.uniform.set(name, draws.ask(job));
    for (const { data } of prepared.built.steps[0]?.initialState().values() ?? []) {
      if (data.length < large) continue;
      const of = draws.zeros.get(data.length) ?? [];
      draws.zeros.set(data.length, of);
      of.push(draws.ask({ kind: 'zeros', length: data.length }));
    }
    if (!draws.start()) return undefined;
    placing.zerosFrom((length) => draws.zeros.get(length)?.shift());
    return draws;
  }

  /**
   * Gives a session a parameter's first values.
   * @returns whether it did: not where there are none, or they were made for another session
   */
  async give(name: string, shape: readonly number[], session: EngineSession): Promise<boolean> {
    if (session !== this.session) return false;
    // This thread has nothing else to do from now on.
    if (this.drawers.length < 2 && availableParallelism() > 1 && this.queue.length > 0)
      this.start();
    const values = await this.uniform.get(name);
    this.uniform.delete(name);
    if (values === undefined) return false;
    session.placing?.give(name, shape, values);
    return true;
  }

  /** Ends the threads. What they have not made is not there. */
  async close(): Promise<void> {
    this.uniform.clear();
    this.zeros.clear();
    await Promise.all(this.drawers.map((drawer) => drawer.close()));
  }

  private start(): boolean {
    const drawer = Drawer.start(this.queue);
    if (drawer !== undefined) this.drawers.push(drawer);
    return drawer !== undefined;
  }

  private ask(job: DrawJob): Promise<Float32Array | undefined> {
    return new Promise((done) => {
      this.queue.push({ job, done });
    });
  }
}
