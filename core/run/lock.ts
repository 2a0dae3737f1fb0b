import { randomBytes } from 'node:crypto';
import { link, open, readdir, readFile, rm, unlink, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { messageOf, NcnError } from '../errors/error.js';
import { lockContended, lockUnreadable, runInUse } from '../errors/lock.js';
import { fileSystemRefused, systemCode } from '../errors/run.js';
import { replaceFile, siblingOf } from './atomic.js';
import { canonicalJson, firstIssue, parseJson } from './json.js';
import { isRunning, startOf } from './process.js';

const ownerSchema = z.object({
  pid: z.int().positive(),
  host: z.string(),
  /** The process's start as the kernel counts it; null where the platform does not tell. */
  start: z.string().nullable(),
  /** When the lock was taken, ISO 8601. */
  since: z.string(),
  /** Names this lock among all that ever were. */
  nonce: z.string().regex(/^[0-9a-f]{16}$/),
});
/** Who a lock names. */
export type LockHolder = Readonly<z.infer<typeof ownerSchema>>;

export interface LockOptions {
  /**
   * Whether a holder on another machine, where it cannot be seen, is certainly gone. Without this
   * it is believed to be there.
   */
  readonly isGone?: () => Promise<boolean>;
}

const lockName = 'lock.json';
const claimName = /^lock-[0-9a-f]{16}\.claim$/;
const attempts = 50;

/** Whether a file in a run's folder is about who holds it. */
export const isLockFile = (name: string): boolean => name === lockName || claimName.test(name);

/** A run directory held by this process. */
export class RunLock {
  readonly path: string;
  readonly #nonce: string;

  /** Use {@link acquireLock}. */
  constructor(path: string, nonce: string) {
    this.path = path;
    this.#nonce = nonce;
  }

  /** Whether it is still this one, and nobody took it over. @throws NcnError where it cannot be read */
  async isMine(): Promise<boolean> {
    return (await readOwner(this.path))?.nonce === this.#nonce;
  }

  /** Gives the run free; again is harmless. @throws NcnError where the file cannot be removed. */
  async release(): Promise<void> {
    // Someone who removed the file by hand may have let another process in.
    if (!(await this.isMine())) return;
    try {
      await rm(this.path, { force: true });
    } catch (error) {
      throw fileSystemRefused('remove', this.path, error);
    }
  }
}

/**
 * Takes the exclusive lock of a run directory, `lock.json`. One left by a process of this
 * machine that is gone (its pid is free, or belongs to a process that started later) is taken
 * over, and `report` is told.
 *
 * Taking over must be safe against others who do the same. Nobody ever removes another's lock:
 * whoever finds a dead one creates `lock-<its nonce>.claim`, which only one can; if the claimant
 * dies too, the next claims its claim. The holder is the end of that chain. The winner puts
 * itself into `lock.json`, provided that this is still the lock where its chain began.
 *
 * @throws NcnError `NCN_RUN_IN_USE` naming the holder, `NCN_RUN_LOCK_UNREADABLE`,
 * `NCN_RUN_LOCK_CONTENDED`, or `NCN_RUN_READ_ONLY`, `_PERMISSION`, ….
 */
export async function acquireLock(
  directory: string,
  report: (message: string) => void,
  { isGone }: LockOptions = {},
): Promise<RunLock> {
  const path = join(directory, lockName);
  const self: LockHolder = {
    pid: process.pid,
    host: hostname(),
    start: (await startOf(process.pid)) ?? null,
    since: new Date().toISOString(),
    nonce: randomBytes(8).toString('hex'),
  };
  for (let attempt = 0; attempt < attempts; attempt++) {
    if (await createExclusive(path, self)) return new RunLock(path, self.nonce);
    const root = await readOwner(path);
    if (root === undefined) continue; // released meanwhile
    const holder = await endOfChain(directory, root);
    const sameHost = holder.host === self.host;
    // Processes of another machine cannot be seen: believe the file.
    const there = sameHost
      ? await isRunning(holder.pid, holder.start ?? undefined)
      : (await isGone?.()) !== true;
    if (there) throw runInUse(directory, holder, sameHost, path);
    const claim = claimPath(directory, holder.nonce);
    if (!(await createExclusive(claim, self))) continue; // someone else was first
    if ((await readOwner(path))?.nonce !== root.nonce) {
      await rm(claim, { force: true }); // the chain was of the past
      continue;
    }
    await replaceFile(path, (file) => file.writeFile(textOf(self)));
    await removeClaims(directory);
    report(
      `Took over the lock of ${directory}: process ${holder.pid}, which held it since ${holder.since}, is gone.`,
    );
    return new RunLock(path, self.nonce);
  }
  throw lockContended(path);
}

/** Who the lock of a folder names, whether it lives or not. @throws NcnError where that cannot be read */
export async function holderOf(directory: string): Promise<LockHolder | undefined> {
  const root = await readOwner(join(directory, lockName));
  return root && endOfChain(directory, root);
}

/**
 * Whether a run is held by a process that lives, as far as this machine can tell; a lock that
 * cannot be read counts as held. @throws NcnError where the folder cannot be read
 */
export async function isHeld(directory: string): Promise<boolean> {
  try {
    const holder = await holderOf(directory);
    if (holder === undefined) return false;
    if (holder.host !== hostname()) return true;
    return await isRunning(holder.pid, holder.start ?? undefined);
  } catch (error) {
    if (error instanceof NcnError && error.code === 'NCN_RUN_LOCK_UNREADABLE') return true;
    throw error;
  }
}

function claimPath(directory: string, nonce: string): string {
  return join(directory, `lock-${nonce}.claim`);
}

async function endOfChain(directory: string, root: LockHolder): Promise<LockHolder> {
  let holder = root;
  const seen = new Set<string>();
  for (;;) {
    if (seen.has(holder.nonce)) {
      throw lockUnreadable(claimPath(directory, holder.nonce), 'its claims name each other');
    }
    seen.add(holder.nonce);
    const next = await readOwner(claimPath(directory, holder.nonce));
    if (next === undefined) return holder;
    holder = next;
  }
}

/** Once the lock is replaced, no chain begins where these hang. */
async function removeClaims(directory: string): Promise<void> {
  for (const name of await readdir(directory)) {
    if (claimName.test(name)) await rm(join(directory, name), { force: true });
  }
}

function textOf(owner: LockHolder): string {
  return `${canonicalJson(owner)}\n`;
}

/** Creates the file with all of its content at once; false where it exists. */
async function createExclusive(path: string, owner: LockHolder): Promise<boolean> {
  const draft = siblingOf('tmp', path);
  try {
    await writeFile(draft, textOf(owner), { flag: 'wx' });
    try {
      await link(draft, path);
    } catch (error) {
      // A new holder cleared the draft away as stale.
      if (systemCode(error) === 'ENOENT') return false;
      throw error;
    } finally {
      await unlink(draft).catch(() => undefined);
    }
    return true;
  } catch (error) {
    switch (systemCode(error)) {
      case 'EEXIST':
        return false;
      // No hard links on this file system: the content then follows a moment after the name.
      case 'EPERM':
      case 'ENOTSUP':
      case 'EOPNOTSUPP':
      case 'ENOSYS':
        return createInPlace(path, owner);
      default:
        throw fileSystemRefused('write', path, error);
    }
  }
}

async function createInPlace(path: string, owner: LockHolder): Promise<boolean> {
  try {
    const file = await open(path, 'wx');
    try {
      await file.writeFile(textOf(owner));
    } finally {
      await file.close();
    }
    return true;
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return false;
    throw fileSystemRefused('write', path, error);
  }
}

/** Who a lock or claim names; undefined where there is none. */
async function readOwner(path: string): Promise<LockHolder | undefined> {
  let what = '';
  // A lock that is just being created in place may be empty for a moment.
  for (let attempt = 0; attempt < 10; attempt++) {
    try {
      const parsed = ownerSchema.safeParse(parseJson(await readFile(path, 'utf8')));
      if (parsed.success) return parsed.data;
      what = firstIssue(parsed.error);
    } catch (error) {
      if (systemCode(error) === 'ENOENT') return undefined;
      if (systemCode(error) !== undefined) throw fileSystemRefused('read', path, error);
      what = messageOf(error);
    }
    await sleep(20);
  }
  throw lockUnreadable(path, what);
}
