import { setImmediate } from 'node:timers/promises';
import { guardedBeside } from '../../hooks/guard.js';
import type { Lifecycle } from '../../hooks/lifecycle.js';

/** Work that plugins leave at an evaluation for while the next update runs. */
export class Meanwhile {
  private readonly waiting: (() => Promise<void>)[] = [];
  private running: Promise<void> = Promise.resolve();
  private failure: { readonly error: unknown } | undefined;

  constructor(
    private readonly lifecycle: Lifecycle,
    private readonly hook: string,
  ) {}

  readonly leave = (work: () => Promise<void>): void => {
    const { running, settings } = this.lifecycle;
    if (running === undefined) {
      throw new Error(`meanwhile() was called when no tap of ${this.hook} was running`);
    }
    this.waiting.push(() => guardedBeside(this.hook, running, work, settings));
  };

  /** Begins what waits, one after the other, in a later turn of the event loop: the update goes first. */
  begin(): void {
    if (this.waiting.length === 0) return;
    const works = this.waiting.splice(0);
    this.running = this.running.then(async () => {
      await setImmediate();
      try {
        for (const work of works) await work();
      } catch (error) {
        this.failure ??= { error };
      }
    });
  }

  /** @throws NcnError what some of it threw so far */
  check(): void {
    if (this.failure !== undefined) throw this.failure.error;
  }

  /** Waits until all is done. @throws NcnError what some of it threw */
  async done(): Promise<void> {
    this.begin();
    await this.running;
    this.check();
  }
}
