import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { NcnError } from '../../core/errors/error.js';
import { acquireLock, holderOf, type RunLock } from '../../core/run/lock.js';
import { sweepHeldElsewhere, sweepLockGone, sweepLockLost } from '../errors/sweep.js';

/** Milliseconds between signs of life. */
const beatEvery = 2000;
/** Milliseconds between looks at another's. */
const lookEvery = 500;
const beatFile = 'lock-beat';

export interface SweepLockOptions {
  /** Milliseconds to wait for a holder that is about to let go. */
  readonly patience?: number;
  /**
   * Seconds without a sign of life after which a holder on another machine counts as gone, and
   * for which the new one then writes nothing. Undefined: it never does.
   */
  readonly takeAfter?: number;
}

/**
 * The lock of a sweep's folder, held by the one process that may write its ledger. Its holder
 * gives signs of life. One on another machine that gives none may be taken for gone, if the user
 * says so: no clocks are compared, only what changes while the newcomer watches. Should the old
 * one live on (it was suspended, or cut off), it finds before its next line that the lock is
 * another's, and writes nothing more.
 */
export class SweepLock {
  private beats = 0;
  private readonly timer: NodeJS.Timeout;

  private constructor(
    private readonly directory: string,
    private readonly lock: RunLock,
  ) {
    this.timer = setInterval(() => this.beat(), beatEvery);
    this.timer.unref();
  }

  /** @throws NcnError `NCN_RUN_IN_USE` where another process holds it, with the way on */
  static async take(
    directory: string,
    report: (message: string) => void,
    { patience = 0, takeAfter }: SweepLockOptions = {},
  ): Promise<SweepLock> {
    const end = performance.now() + patience;
    const watched = { still: false };
    const isGone = async (): Promise<boolean> => {
      if (takeAfter === undefined) return false;
      report(`Watching ${directory} for a sign of life of its holder for ${takeAfter} s.`);
      watched.still = await isStill(directory, takeAfter * 1000);
      return watched.still;
    };
    for (;;) {
      try {
        const lock = await acquireLock(directory, report, { isGone });
        const mine = new SweepLock(directory, lock);
        // A holder that lives must see it, however long its file system shows what was before.
        if (watched.still) await sleep((takeAfter ?? 0) * 1000);
        return mine;
      } catch (error) {
        if (!(error instanceof NcnError && error.code === 'NCN_RUN_IN_USE')) throw error;
        if (performance.now() > end) throw sweepHeldElsewhere(error, directory);
        await sleep(lookEvery);
      }
    }
  }

  /**
   * To be called before each write.
   * @throws NcnError `NCN_SWEEP_LOCK_LOST` where it was taken over, `NCN_SWEEP_LOCK_GONE` where it is gone
   */
  readonly check = async (): Promise<void> => {
    if (await this.lock.isMine()) return;
    const taken = (await holderOf(this.directory)) !== undefined;
    throw taken ? sweepLockLost(this.directory) : sweepLockGone(this.lock.path);
  };

  async release(): Promise<void> {
    clearInterval(this.timer);
    await this.lock.release();
  }

  private beat(): void {
    this.beats += 1;
    const text = `${process.pid} ${this.beats}\n`;
    // Where it cannot be written, neither can the ledger, which says so.
    void writeFile(join(this.directory, beatFile), text).catch(() => undefined);
  }
}

/** Whether a lock and its holder's signs of life stay as they are for so long. */
export async function isStill(directory: string, milliseconds: number): Promise<boolean> {
  const look = async (): Promise<string> => {
    const files = ['lock.json', beatFile].map((name) => join(directory, name));
    const texts = await Promise.all(files.map((path) => readFile(path, 'utf8').catch(() => '')));
    return texts.join('\n');
  };
  const first = await look();
  const end = performance.now() + milliseconds;
  while (performance.now() < end) {
    await sleep(lookEvery);
    if ((await look()) !== first) return false;
  }
  return true;
}
