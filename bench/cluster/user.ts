import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { userInfo } from 'node:os';

/** Who runs a cluster for tests. */
export interface Runner {
  readonly name: string;
  /** For child processes, where it is not the user of this one. */
  readonly ids: { readonly uid?: number; readonly gid?: number };
  /** What should be otherwise. */
  readonly remark: string | undefined;
}

const unprivileged = 'nobody';

/**
 * Whoever runs this; instead of root, an ordinary user who can run the command line, where there is
 * one.
 * @param main the command line
 * @param folder where the cluster is to work; it is given to that user
 */
export function ordinaryUser(main: string, folder: string): Runner {
  const self: Runner = { name: userInfo().username, ids: {}, remark: undefined };
  if (process.getuid?.() !== 0) return self;
  const entry = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((line) => line.startsWith(`${unprivileged}:`));
  const [, , uid, gid] = (entry ?? '').split(':').map(Number);
  if (uid === undefined || gid === undefined) {
    return { ...self, remark: `it runs as root: there is no user '${unprivileged}'` };
  }
  const ids = { uid, gid };
  spawnSync('chown', ['-R', `${uid}:${gid}`, folder]);
  const env = { ...process.env, HOME: folder, TMPDIR: folder, NCN_OFFLINE: '1' };
  const tried = spawnSync(process.execPath, [main, '--version'], { ...ids, env, cwd: folder });
  if (tried.status === 0) return { name: unprivileged, ids, remark: undefined };
  return { ...self, remark: `it runs as root: '${unprivileged}' cannot run ${main} in ${folder}` };
}

/** Gives a folder with all that is in it to whoever runs the cluster. */
export function give(folder: string, { ids }: Runner): void {
  if (ids.uid !== undefined) spawnSync('chown', ['-R', `${ids.uid}:${String(ids.gid)}`, folder]);
}
