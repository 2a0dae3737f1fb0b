import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { clipNotMade } from '../../errors/audio.js';
import { makeAndWrite, type ClipJob } from './make.js';

/** Built, the worker is a program of its own; from the sources there is none to start. */
const program = new URL('./worker.js', import.meta.url);

/**
 * Makes clips one after the other: in a thread of its own where there is a built program for it, so
 * that training goes on meanwhile, else in this one.
 */
export class ClipFactory {
  private worker: Worker | undefined;
  private queue: Promise<unknown> = Promise.resolve();

  /** @throws NcnError with what went wrong */
  make(job: ClipJob): Promise<void> {
    const made = this.queue.then(() => this.run(job));
    this.queue = made.catch(() => undefined);
    return made;
  }

  async close(): Promise<void> {
    await this.queue;
    await this.worker?.terminate();
    this.worker = undefined;
  }

  private async run(job: ClipJob): Promise<void> {
    if (!existsSync(fileURLToPath(program))) {
      await makeAndWrite(job);
      return;
    }
    const worker = (this.worker ??= new Worker(program));
    const problem = await new Promise<string | null>((done) => {
      const finish = (answer: string | null): void => {
        worker.off('message', finish);
        worker.off('error', fail);
        done(answer);
      };
      const fail = (error: unknown): void => {
        finish(error instanceof Error ? error.message : String(error));
        this.worker = undefined;
      };
      worker.on('message', finish);
      worker.on('error', fail);
      worker.postMessage(job);
    });
    if (problem !== null) throw clipNotMade(job.index, problem);
  }
}
