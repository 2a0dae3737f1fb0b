import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { EngineSession } from '../../engine/types.js';
import { initialStream } from '../../step/declare.js';
import { uniformLimit } from '../../step/initializers.js';
import type { DrawJob } from './drawing.js';
import type { Prepared } from './prepare.js';

/** Built, the worker is a program of its own; from the sources there is none to start. */
const program = new URL('./drawing.js', import.meta.url);

/** Values of a tensor that are worth it. */
const large = 2 ** 20;
/** Values of all of them: to start a thread takes some 50 ms, in which this one draws as many. */
const worthwhile = 2 ** 22;

/**
 * The large tensors of a run's first state, made by a thread of its own while this one records and lowers the
 * programs: the documented discriminators start from 45 million random numbers and twice as many zeros. They are
 * the same, bit for bit, as if they were drawn here. Where the thread fails, there are none.
 */
export class Draws {
  private readonly waiting: ((values: Float32Array | undefined) => void)[] = [];
  private readonly uniform = new Map<string, Promise<Float32Array | undefined>>();
  private readonly zeros = new Map<number, Promise<Float32Array | undefined>[]>();

  private constructor(
    private readonly worker: Worker,
    private readonly session: EngineSession,
  ) {
    worker.on('message', (values: Float32Array) => {
      this.waiting.shift()?.(values);
      // What it has made is the engine's; there is nothing else for it to do.
      if (this.waiting.length === 0) void worker.terminate();
    });
    worker.on('error', () => this.end());
    worker.on('exit', () => this.end());
  }

  /** Begins, where it is worthwhile and possible. */
  static begin(prepared: Prepared, session: EngineSession): Draws | undefined {
    const { placing } = session;
    if (placing === undefined || !existsSync(fileURLToPath(program))) return undefined;
    const seed = prepared.experiment.core.startSeed ?? prepared.random.seed;
    const jobs = new Map<string, DrawJob>();
    let sum = 0;
    for (const { definition, parameters } of prepared.built.networks.values()) {
      for (const { name, shape, initializer } of parameters) {
        const limit = uniformLimit(initializer, shape);
        const length = shape.reduce((product, size) => product * size, 1);
        if (limit === undefined || length < large) continue;
        sum += length;
        const full = `${definition.name}/${name}`;
        const stream = initialStream(full);
        const strides = placing.strides(shape);
        jobs.set(full, { kind: 'uniform', seed, stream, limit, shape, strides });
      }
    }
    if (sum < worthwhile) return undefined;
    const worker = startWorker();
    if (worker === undefined) return undefined;
    const draws = new Draws(worker, session);
    for (const [name, job] of jobs) draws.uniform.set(name, draws.ask(job));
    for (const { data } of prepared.built.steps[0]?.initialState().values() ?? []) {
      if (data.length < large) continue;
      const of = draws.zeros.get(data.length) ?? [];
      draws.zeros.set(data.length, of);
      of.push(draws.ask({ kind: 'zeros', length: data.length }));
    }
    placing.zerosFrom((length) => draws.zeros.get(length)?.shift());
    return draws;
  }

  /**
   * Gives a session a parameter's first values.
   * @returns whether it did: not where there are none, or they were made for another session
   */
  async give(name: string, shape: readonly number[], session: EngineSession): Promise<boolean> {
    if (session !== this.session) return false;
    const values = await this.uniform.get(name);
    this.uniform.delete(name);
    if (values === undefined) return false;
    session.placing?.give(name, shape, values);
    return true;
  }

  /** Ends the thread. What it has not made is not there. */
  async close(): Promise<void> {
    this.uniform.clear();
    this.zeros.clear();
    await this.worker.terminate();
  }

  private ask(job: DrawJob): Promise<Float32Array | undefined> {
    return new Promise((done) => {
      this.waiting.push(done);
      this.worker.postMessage(job);
    });
  }

  private end(): void {
    for (const done of this.waiting.splice(0)) done(undefined);
  }
}

function startWorker(): Worker | undefined {
  try {
    return new Worker(program, { execArgv: [] });
  } catch {
    // The machine may refuse another thread.
    return undefined;
  }
}
