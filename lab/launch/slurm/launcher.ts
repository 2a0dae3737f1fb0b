import { join } from 'node:path';
import { z } from 'zod';
import { writeFileAtomic } from '../../../core/run/atomic.js';
import type { JsonValue } from '../../../core/run/json.js';
import type { Launcher, Sighting } from '../../../core/plugins/launcher.js';
import { NcnError } from '../../../core/errors/error.js';
import { launcherSilent } from '../../errors/launch.js';
import { launcherOption } from '../../errors/sweep.js';
import { slurm } from './client.js';
import { secondsOf, type SlurmOptions } from './options.js';
import { batchScript, jobLines, jobsFile } from './script.js';
import { parseSqueue, ranges, squeueFormat, type QueuedTask } from './squeue.js';

const handleSchema = z.object({
  token: z.string(),
  array: z.int().positive(),
  task: z.int().nonnegative(),
});

/**
 * Jobs as arrays of a cluster that runs Slurm, through `sbatch`, `squeue` and `scancel` alone: no
 * accounting is needed. Jobs are known by their submission's token, which is the array's name, as
 * numbers of jobs are given out again after a controller lost its state.
 * @throws NcnError `NCN_SWEEP_LAUNCHER_OPTION` for a time limit that makes no sense
 */
export function slurmLauncher(options: SlurmOptions): Launcher {
  checkTime(options);
  return {
    name: 'slurm',
    queues: true,
    pollEvery: options.poll * 1000,
    grace: options.grace * 1000,
    most: options.arraySize,
    threads: options.cpus,

    async submit(submission) {
      const { token, folder, jobs } = submission;
      const script = join(folder, `${token}.sh`);
      await writeFileAtomic(jobsFile(submission), jobLines(submission, options));
      await writeFileAtomic(script, batchScript(submission, arrayOf(submission.after), options));
      const answer = await slurm('sbatch', ['--parsable', script]);
      // `NUMBER` or `NUMBER;CLUSTER`, after whatever a site has sbatch say.
      const [, digits] = /^(\d+)(?:;.*)?\s*$/m.exec(answer) ?? [];
      if (digits === undefined) throw launcherSilent('slurm', `sbatch said '${answer.trim()}'`);
      const array = Number(digits);
      return jobs.map((_, task): JsonValue => ({ token, array, task }));
    },

    async find(token, jobs) {
      const seen = await tasksOf([token]);
      if (seen === undefined) return undefined;
      const arrays = new Map(seen.map(({ task, array }) => [task, array]));
      return Array.from({ length: jobs }, (_, task): JsonValue => {
        const array = arrays.get(task);
        return array === undefined ? null : { token, array, task };
      });
    },

    async poll(handles) {
      const parsed = handles.map((handle) => handleSchema.safeParse(handle).data);
      const tokens = new Set(parsed.flatMap((handle) => (handle ? [handle.token] : [])));
      const seen = tokens.size === 0 ? [] : await tasksOf([...tokens]);
      if (seen === undefined) return undefined;
      const known = new Map(seen.map((task) => [keyOf(task), task.sighting]));
      return parsed.map(
        (handle): Sighting => (handle && known.get(keyOf(handle))) ?? { kind: 'absent' },
      );
    },

    async stop(handles) {
      const wanted = handles.flatMap((given) => handleSchema.safeParse(given).data ?? []);
      if (wanted.length === 0) return;
      // A number may by now be another job's. (With --name beside it, scancel would take every
      // task of the array that waits.)
      const seen = await tasksOf([...new Set(wanted.map(({ token }) => token))]);
      if (seen === undefined) throw launcherSilent('slurm', '');
      const keys = new Set(wanted.map(keyOf));
      const arrays = new Map<number, number[]>();
      for (const task of seen) {
        if (task.sighting.kind === 'ended' || !keys.has(keyOf(task))) continue;
        const tasks = arrays.get(task.array);
        if (tasks === undefined) arrays.set(task.array, [task.task]);
        else tasks.push(task.task);
      }
      for (const [array, tasks] of arrays) {
        const which = ranges(tasks.sort((a, b) => a - b));
        await slurm('scancel', ['--quiet', `${array}_[${which}]`]).catch((error: unknown) => {
          // Jobs that are over are no reason to fail.
          if (!(error instanceof NcnError && error.code === 'NCN_SLURM_REFUSED')) throw error;
        });
      }
    },

    preview: (submission) =>
      Promise.resolve(
        [
          batchScript(submission, arrayOf(submission.after), options),
          `# ${jobsFile(submission)}:`,
          jobLines(submission, options),
        ].join('\n'),
      ),
  };
}

const arrayOf = (handle: JsonValue = null): number | null =>
  handleSchema.safeParse(handle).data?.array ?? null;

const keyOf = ({ token, task }: { token: string; task: number }): string => `${token} ${task}`;

/** One question for all; undefined where nobody answers. */
async function tasksOf(tokens: readonly string[]): Promise<QueuedTask[] | undefined> {
  const args = ['--noheader', '-r', '-t', 'all', '--name', tokens.join(','), '-o', squeueFormat];
  try {
    return parseSqueue(await slurm('squeue', args));
  } catch {
    return undefined;
  }
}

function checkTime({ time, warning }: SlurmOptions): void {
  if (time === null) return;
  const seconds = secondsOf(String(time));
  const names = ['time', 'warning'];
  const refuse = (problem: string): NcnError =>
    launcherOption('launcher.slurm', 'time', problem, names);
  if (seconds === undefined) {
    throw refuse(`'${time}' is no time limit; minutes, minutes:seconds, h:m:s or days-hours`);
  }
  // Slurm gives the signal up to a minute early: a job would be sent back as soon as it starts. To
  // it, zero is no limit.
  if (seconds > 0 && seconds < 2 * warning) {
    throw refuse(
      `${seconds} s is less than twice 'warning' (${warning} s), so that jobs would get nowhere`,
    );
  }
}
