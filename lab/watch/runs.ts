import { readdir, realpath, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { messageOf } from '../../core/errors/error.js';
import { noRunsFolder } from '../errors/report.js';
import { RunData } from '../report/run-data.js';
import { RunSource } from '../report/source.js';
import type { Moment } from '../report/status.js';

/** Folders below the runs folder in which runs are looked for. */
const depth = 3;

/** The name of the folder itself, where it is a run: that of no folder in it. `.` would vanish from addresses. */
const rootId = './';

/** Milliseconds over which a run's speed is measured. */
const window = 60_000;

/** A run that is followed. */
export interface WatchedRun {
  readonly data: RunData;
  /** When it was seen with fewer updates. */
  readonly earlier: Moment | undefined;
}

/** A folder that looks like a run and cannot be read. */
export interface BrokenRun {
  readonly id: string;
  readonly problem: string;
}

/** The runs in a folder. Whatever is asked for, only what {@link ids} lists is ever opened. */
export class WatchedRuns {
  readonly #open = new Map<string, { data: RunData; moments: Moment[] }>();

  private constructor(readonly root: string) {}

  /** @throws NcnError where there is no such folder */
  static async of(folder: string): Promise<WatchedRuns> {
    const path = resolve(folder);
    const isFolder = await stat(path).then(
      (found) => found.isDirectory(),
      () => false,
    );
    if (!isFolder) throw noRunsFolder(path);
    return new WatchedRuns(await realpath(path));
  }

  /** Paths of the runs within the folder, newest names first. Links are not followed. */
  async ids(): Promise<string[]> {
    const found: string[] = [];
    const look = async (id: string, left: number): Promise<void> => {
      const entries = await readdir(join(this.root, id), { withFileTypes: true }).catch(() => []);
      if (entries.some((entry) => entry.isFile() && entry.name === 'manifest.json')) {
        found.push(id === '' ? rootId : id);
        return;
      }
      if (left === 0) return;
      for (const entry of entries) {
        if (!entry.isDirectory() || entry.name.startsWith('.')) continue;
        await look(id === '' ? entry.name : `${id}/${entry.name}`, left - 1);
      }
    };
    await look('', depth);
    return found.sort().reverse();
  }

  /** The run as it is now; undefined where the folder has none of this name. @throws NcnError */
  async get(id: string): Promise<WatchedRun | undefined> {
    if (!(await this.ids()).includes(id)) return undefined;
    return this.#refreshed(id);
  }

  /** All runs as they are now. */
  async all(): Promise<(WatchedRun | BrokenRun)[]> {
    const runs: (WatchedRun | BrokenRun)[] = [];
    for (const id of await this.ids()) {
      try {
        runs.push(await this.#refreshed(id));
      } catch (error) {
        runs.push({ id, problem: messageOf(error) });
      }
    }
    return runs;
  }

  async #refreshed(id: string): Promise<WatchedRun> {
    let run = this.#open.get(id);
    if (run === undefined) {
      const path = id === rootId ? this.root : join(this.root, id);
      const source = new RunSource(path, id, this.root);
      run = { data: await RunData.open(source), moments: [] };
      this.#open.set(id, run);
    } else await run.data.refresh();
    const { data, moments } = run;
    const now = Date.now();
    const { update } = data.series;
    if (update < (moments.at(-1)?.update ?? 0)) moments.length = 0; // resumed from before
    // The time of an update is that at which it was first seen.
    if (moments.at(-1)?.update !== update) moments.push({ time: now, update });
    while (moments.length > 2 && now - (moments[0]?.time ?? now) > window) moments.shift();
    // The first may have been there for long; from two on, times are true.
    return { data, earlier: moments.length > 2 ? moments[1] : undefined };
  }
}
