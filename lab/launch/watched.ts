import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Ending, Launcher, LaunchRequest } from '../../core/plugins/launcher.js';
import type { JsonValue } from '../../core/run/json.js';

/** A job that this process watches to its end. */
export interface WatchedJob {
  readonly handle: JsonValue;
  /** Resolves when the job is over; never rejects. */
  readonly ended: Promise<Ending>;
  /** Asks the job to save its state and end. */
  readonly stop: () => void;
}

/** A name that was never used before. */
export const newToken = (): string => `ncn-${randomBytes(8).toString('hex')}`;

interface Waiting {
  readonly handle: JsonValue;
  readonly done: (ending: Ending) => void;
}

/** Hands jobs to a launcher one by one and watches them, polling once for all. */
export class Watcher {
  private readonly waiting = new Set<Waiting>();
  private polling = false;

  /** @param folder for the launcher's own files */
  constructor(
    private readonly launcher: Launcher,
    private readonly folder: string,
  ) {}

  /** @throws NcnError where the job cannot be started */
  async launch(request: LaunchRequest): Promise<WatchedJob> {
    const [handle = null] = await this.launcher.submit({
      token: newToken(),
      jobs: [request],
      atOnce: null,
      folder: this.folder,
    });
    return this.watch(handle);
  }

  /** Finds a job that an earlier process launched; undefined where it is over. */
  async adopt(handle: JsonValue): Promise<WatchedJob | undefined> {
    const [sighting] = (await this.launcher.poll([handle])) ?? [];
    if (sighting?.kind === 'ended' || sighting?.kind === 'absent') return undefined;
    return this.watch(handle);
  }

  private watch(handle: JsonValue): WatchedJob {
    const ended = new Promise<Ending>((done) => this.waiting.add({ handle, done }));
    if (!this.polling) void this.poll();
    return {
      handle,
      ended,
      // Who does not hear is asked again when the sweep is stopped again.
      stop: () => void this.launcher.stop([handle]).catch(() => undefined),
    };
  }

  private async poll(): Promise<void> {
    this.polling = true;
    while (this.waiting.size > 0) {
      await sleep(this.launcher.pollEvery);
      const asked = [...this.waiting];
      const handles = asked.map(({ handle }) => handle);
      const sightings = (await this.launcher.poll(handles).catch(() => undefined)) ?? [];
      for (const [i, waiting] of asked.entries()) {
        const sighting = sightings[i];
        if (sighting?.kind !== 'ended' && sighting?.kind !== 'absent') continue;
        const ending = sighting.kind === 'ended' ? sighting.ending : { exit: null, signal: null };
        waiting.done(ending);
        this.waiting.delete(waiting);
      }
    }
    this.polling = false;
  }
}
