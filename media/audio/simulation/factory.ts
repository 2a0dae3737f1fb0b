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

  /** @param most threads at a time */
  constructor(private readonly most = availableParallelism()) {
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
      await this.inTurn(() => makeAndWrite(job));
      return;
    }
    const worker = await this.hire();
    const problem = await answerOf(worker, job);
    if (problem.died) this.workers.splice(this.workers.indexOf(worker), 1);
    else this.idle.push(worker);
    this.waiting.shift()?.();
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

  private inTurn(work: () => Promise<void>): Promise<void> {
    const done = this.turn.then(work);
    this.turn = done.catch(() => undefined);
    return done;
  }
}

interface Answer {
  /** What went wrong; null: nothing. */
  readonly message: string | null;
  readonly died: boolean;
}

function answerOf(worker: Worker, job: ClipJob): Promise<Answer> {
  return new Promise((done) => {
    const finish = (message: string | null): void => {
      worker.off('error', fail);
      done({ message, died: false });
    };
    const fail = (error: unknown): void => {
      worker.off('message', finish);
      done({ message: messageOf(error), died: true });
    };
    worker.once('message', finish);
    worker.once('error', fail);
    worker.postMessage(job);
  });
}
