import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Launcher, LaunchRequest, Sighting } from '../../core/plugins/launcher.js';
import type { JsonValue } from '../../core/run/json.js';
import { launcherBroken } from '../errors/conformance.js';
import { newToken } from '../launch/watched.js';
import type { ConformanceCheck } from './conformance.js';

/** Where the checks of a launcher work, and how patient they are. */
export interface LauncherContractOptions {
  /** Folder that the launcher's machines see; default: one for temporary files. */
  readonly folder?: string;
  /** Seconds in which jobs must have started, or ended. */
  readonly patience?: number;
}

interface Bench {
  readonly launcher: Launcher;
  readonly folder: string;
  readonly patience: number;
}

/** Says who it is; then ends with a code, or runs until it is asked to stop. */
const ending = (code: number): string =>
  `console.log('job', process.argv[1]); process.exit(${code})`;
const staying =
  "process.on('SIGTERM', () => { console.log('saved'); process.exit(75); }); console.log('up'); setInterval(() => 0, 100)";

function job({ folder }: Bench, name: string, script: string): LaunchRequest {
  return {
    name,
    command: [process.execPath, '-e', script, '--', name],
    cwd: folder,
    log: join(folder, `${name}.log`),
    threads: 1,
    device: null,
  };
}

async function submit(bench: Bench, jobs: readonly LaunchRequest[], token = newToken()) {
  const folder = join(bench.folder, 'submissions');
  await mkdir(folder, { recursive: true });
  const handles = await bench.launcher.submit({ token, jobs, atOnce: null, folder });
  return { token, handles };
}

const isOver = ({ kind }: Sighting): boolean => kind === 'ended' || kind === 'absent';

/** Polls as often as the launcher bears until all sightings are as wanted. */
async function until(
  { launcher, patience }: Bench,
  handles: readonly JsonValue[],
  what: string,
  wanted: (sighting: Sighting) => boolean,
): Promise<readonly Sighting[]> {
  const end = performance.now() + patience * 1000;
  for (;;) {
    const sightings = (await launcher.poll(handles)) ?? [];
    if (sightings.length === handles.length && sightings.every(wanted)) return sightings;
    if (performance.now() > end) {
      const kinds = sightings.map(({ kind }) => kind).join(', ');
      throw launcherBroken(`after ${patience} s, ${what} was still awaited; poll said: ${kinds}`);
    }
    await sleep(Math.min(launcher.pollEvery, 1000));
  }
}

async function said({ log }: LaunchRequest, text: string, patience: number): Promise<void> {
  const end = performance.now() + patience * 1000;
  for (;;) {
    const found = await readFile(log, 'utf8').catch(() => '');
    if (found.includes(text)) return;
    if (performance.now() > end) {
      throw launcherBroken(`the log of a job never had '${text}' in it: ${log} holds '${found}'`);
    }
    await sleep(100);
  }
}

/** Many jobs run, each once, with its output in its log, and are over after that. */
async function checkSubmit(bench: Bench): Promise<void> {
  const jobs = ['one', 'two', 'three'].map((name) => job(bench, `submit-${name}`, ending(0)));
  const { handles } = await submit(bench, jobs);
  if (handles.length !== jobs.length)
    throw launcherBroken('submit must give a handle for each job');
  for (const [i, handle] of handles.entries()) {
    const copy: unknown = JSON.parse(JSON.stringify(handle));
    if (JSON.stringify(copy) !== JSON.stringify(handle)) {
      throw launcherBroken(`the handle of job ${i} does not survive JSON`);
    }
  }
  await until(bench, handles, 'the end of three short jobs', isOver);
  for (const one of jobs) {
    await said(one, `job ${one.name}`, bench.patience);
    const text = await readFile(one.log, 'utf8');
    if (text.split('job submit').length !== 2)
      throw launcherBroken(`${one.name} ran more than once`);
  }
}

/** A job that is asked to stop gets SIGTERM and may save; others are left alone. */
async function checkStop(bench: Bench): Promise<void> {
  const jobs = ['a', 'b'].map((name) => job(bench, `stop-${name}`, staying));
  const { handles } = await submit(bench, jobs);
  const [a, b] = handles;
  const [first, second] = jobs;
  if (a === undefined || b === undefined || first === undefined || second === undefined) {
    throw launcherBroken('submit must give a handle for each job');
  }
  await until(bench, handles, 'two jobs that run', ({ kind }) => kind === 'running');
  await said(first, 'up', bench.patience);
  await said(second, 'up', bench.patience);
  await bench.launcher.stop([a]);
  await said(first, 'saved', bench.patience);
  await until(bench, [a], 'the end of the job that was stopped', isOver);
  await until(bench, [b], 'the other one, still running', ({ kind }) => kind === 'running');
  await bench.launcher.stop([b]);
  await until(bench, [b], 'the end of the other one', isOver);
  // Again is harmless.
  await bench.launcher.stop([a, b]);
}

/** Jobs whose submission was not answered are found by its token, by a launcher made anew. */
async function checkFind(bench: Bench, fresh: () => Launcher): Promise<void> {
  const jobs = ['x', 'y'].map((name) => job(bench, `find-${name}`, staying));
  const { token, handles } = await submit(bench, jobs);
  try {
    await until(bench, handles, 'two jobs that run', ({ kind }) => kind === 'running');
    const launcher = fresh();
    const found = await launcher.find(token, jobs.length);
    if (found === undefined) return; // it cannot tell here, and says so
    const there = found.flatMap((handle) => (handle === null ? [] : [handle]));
    if (there.length !== jobs.length) throw launcherBroken('find did not find every job');
    await until(
      { ...bench, launcher },
      there,
      'the jobs that were found',
      (s) => s.kind === 'running',
    );
    const other = await launcher.find(newToken(), 2);
    if (other?.some((handle) => handle !== null) === true) {
      throw launcherBroken('find found jobs of a token that was never used');
    }
    await launcher.stop(there);
    await until({ ...bench, launcher }, there, 'their end', isOver);
  } finally {
    await bench.launcher.stop(handles);
  }
}

/** What it never had, it does not know; that is an answer, and no error. */
async function checkAbsent(bench: Bench): Promise<void> {
  const jobs = [job(bench, 'absent', ending(3))];
  const { handles } = await submit(bench, jobs);
  const [over] = await until(bench, handles, 'the end of a job that fails', isOver);
  if (over?.kind === 'ended' && over.ending.exit === 0) {
    throw launcherBroken('a job that exited with 3 is said to have exited with 0');
  }
  const strange = await bench.launcher.poll([null]);
  if (strange !== undefined && strange[0]?.kind !== 'absent' && strange[0]?.kind !== 'ended') {
    throw launcherBroken('poll of a handle that it never gave must say absent');
  }
}

/**
 * The checks that every launcher must pass, for any test runner:
 * `for (const check of launcherContract(make)) test(check.name, check.run)`. They run Node in
 * short jobs, on the launcher's own machines.
 * @param make makes the launcher; called again, it stands for another process
 */
export function launcherContract(
  make: () => Launcher,
  { folder: given, patience = 60 }: LauncherContractOptions = {},
): ConformanceCheck[] {
  const checks = [
    ['many jobs run, once each, with their output in their logs', checkSubmit],
    ['a job that is asked to stop can save its state; others run on', checkStop],
    ['jobs are found again by their token', checkFind],
    ['a job that is over, and one that never was', checkAbsent],
  ] as const;
  return checks.map(([name, run]) => ({
    name,
    run: async () => {
      const folder = given ?? (await mkdtemp(join(tmpdir(), 'ncn-launcher-')));
      try {
        await run({ launcher: make(), folder, patience }, make);
      } finally {
        if (given === undefined) await rm(folder, { recursive: true, force: true });
      }
    },
  }));
}
