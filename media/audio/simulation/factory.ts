import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { messageOf } from '../../../core/errors/error.js';
import { clipNotMade } from '../../errors/audio.js';
import { makeAndWrite, type ClipJob } from './make.js';

/** Built, the worker is a program of its own; from the sources there is none to start. */
const program = new URL('./worker.js', import.meta.url);

/**
 * Makes clips in threads of their own where there is a built program for it, so that training goes on
 * meanwhile, else in this one, one after the other.
 */
export class ClipFactory {
  /** Bytes that its threads take at most, with their sounds: 115 MiB were measured for two. */
  readonly memory: number;

  private readonly idle: Worker[] = [];
  private readonly workers: Worker[] = [];
  private readonly waiting: (() => void)[] = [];
  /** Settles when what was asked for so far is done. */
  private readonly pending = new Set<Promise<void>>();

  private readonly told = new Set<string>();

  /**
   * @param most threads at a time
   * @param report hears of each file that is damaged, and can be read all the same, once
   */
  constructor(
    private readonly most = availableParallelism(),
    private readonly report: (notice: string) => void = () => undefined,
  ) {
    this.memory = most * 58 * 2 ** 20;
  }

  /** @throws NcnError with what went wrong */
  make(job: ClipJob): Promise<void> {
    const made = this.run(job);
    const settled = made.catch(() => undefined);
    this.pending.add(settled);
    void settled.then(() => this.pending.delete(settled));
    return made;
  }

  async close(): Promise<void> {
    await Promise.all(this.pending);
    await Promise.all(this.workers.splice(0).map((worker) => worker.terminate()));
    this.idle.length = 0;
  }

  private async run(job: ClipJob): Promise<void> {
    if (!existsSync(fileURLToPath(program))) {
      this.tell(await this.inTurn(() => makeAndWrite(job)));
      return;
    }
    const worker = await this.hire();
    const problem = await answerOf(worker, job);
    if (problem.died) this.workers.splice(this.workers.indexOf(worker), 1);
    else this.idle.push(worker);
    this.waiting.shift()?.();
    this.tell(problem.notices);
    if (problem.message !== null) throw clipNotMade(job.index, problem.message);
  }

  /** A worker that has nothing to do, once there is one. */
  private async hire(): Promise<Worker> {
    for (;;) {
      const free = this.idle.pop();
      if (free !== undefined) return free;
      if (this.workers.length < this.most) {
        const worker = new Worker(program);
        this.workers.push(worker);
        return worker;
      }
      await new Promise<void>((go) => this.waiting.push(go));
    }
  }

  private turn: Promise<unknown> = Promise.resolve();

  private tell(notices: readonly string[]): void {
    for (const notice of notices) {
      if (!this.told.has(notice)) this.report(notice);
      this.told.add(notice);
    }
  }

  private inTurn<R>(work: () => Promise<R>): Promise<R> {
    const done = this.turn.then(work);
    this.turn = done.catch(() => undefined);
    return done;
  }
}

/** What a worker answers. */
export interface WorkerAnswer {
  /** What went wrong; null: nothing. */
  readonly message: string | null;
  /** Of sounds that were read all the same. */
  readonly notices: readonly string[];
}

interface Answer extends WorkerAnswer {
  readonly died: boolean;
}

function answerOf(worker: Worker, job: ClipJob): Promise<Answer> {
  return new Promise((done) => {
    const finish = (answer: WorkerAnswer): void => {
      worker.off('error', fail);
      done({ ...answer, died: false });
    };
    const fail = (error: unknown): void => {
      worker.off('message', finish);
      done({ message: messageOf(error), notices: [], died: true });
    };
    worker.once('message', finish);
    worker.once('error', fail);
    worker.postMessage(job);
  });
}
