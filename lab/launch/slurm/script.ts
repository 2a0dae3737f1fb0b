import { join } from 'node:path';
import type { LaunchRequest, Submission } from '../../../core/plugins/launcher.js';
import type { SlurmOptions } from './options.js';

/** A word of a shell, whatever it holds, in one line. */
export function quote(word: string): string {
  if (/^[\w@%+=:,./-]+$/.test(word)) return word;
  if (!/[\n\r]/.test(word)) return `'${word.replaceAll("'", "'\\''")}'`;
  const escaped = word.replaceAll(/[\\']/g, '\\$&').replaceAll('\n', '\\n').replaceAll('\r', '\\r');
  return `$'${escaped}'`;
}

/** A value in a line of `#SBATCH`, which knows double quotes. */
const value = (text: string): string =>
  /^[\w@%+=:,./-]+$/.test(text) ? text : `"${text.replace(/["\\]/g, '\\$&')}"`;

/** Variables of the submitter that its jobs get. */
const inherited = /^(NCN_(?!SUBMISSION$|REQUEUE$)\w+|SLURM_CONF)$/;

/** File of an array's jobs, one line of shell for each. */
export const jobsFile = ({ folder, token }: Pick<Submission, 'folder' | 'token'>): string =>
  join(folder, `${token}.jobs`);

/** The lines of {@link jobsFile}. */
export const jobLines = ({ jobs }: Submission, options: SlurmOptions): string =>
  jobs.map((job) => `exec >>${quote(job.log)} 2>&1; exec ${line(job, options)}\n`).join('');

/**
 * The batch script of an array of jobs: `exec` throughout, because a shell that stays would take
 * the signals meant for Node. It does not hold the jobs: the controller hands the script to the
 * node of each of them, and limits its size (`max_script_size`).
 */
export function batchScript(
  { token, jobs, atOnce, folder }: Submission,
  after: number | null,
  options: SlurmOptions,
  environment: NodeJS.ProcessEnv = process.env,
): string {
  const [first] = jobs;
  const throttle = atOnce === null ? '' : `%${atOnce}`;
  const settings: (readonly [name: string, value: string | number | null])[] = [
    ['job-name', token],
    ['dependency', after === null ? null : `afterany:${after}`],
    ['array', `0-${jobs.length - 1}${throttle}`],
    ['chdir', first?.cwd ?? folder],
    // What is said before a job's own log is open, by all jobs of the array.
    ['output', join(folder, `${token}.out`).replaceAll('%', '%%')],
    ['open-mode', 'append'],
    ['export', 'NIL'],
    ['nodes', 1],
    ['ntasks', 1],
    ['cpus-per-task', options.cpus],
    ['signal', `B:USR1@${options.warning}`],
    ['partition', options.partition],
    ['account', options.account],
    ['qos', options.qos],
    ['time', options.time],
    ['mem', options.memory],
    ['gres', options.gres],
    ['nice', options.nice],
  ];
  const exports = Object.entries({
    ...Object.fromEntries(
      Object.entries(environment).filter(([name, held]) => inherited.test(name) && held !== ''),
    ),
    ...options.exports,
    NO_COLOR: '1',
  });
  return [
    '#!/bin/bash',
    ...settings.flatMap(([name, held]) =>
      held === null ? [] : [`#SBATCH --${name}=${value(String(held))}`],
    ),
    '#SBATCH --requeue',
    ...options.sbatch.map((line) => `#SBATCH ${line}`),
    ...exports.map(([name, held]) => `export ${name}=${quote(held)}`),
    ...(options.modules.length === 0 ? [] : ['type module >/dev/null 2>&1 || . /etc/profile']),
    ...options.modules.map((name) => `module load ${quote(name)} || exit 1`),
    'me="${SLURM_ARRAY_JOB_ID}_${SLURM_ARRAY_TASK_ID}"',
    `export NCN_REQUEUE='["scontrol","requeue","'"$me"'"]'`,
    `file=${quote(jobsFile({ folder, token }))}`,
    'job=$(sed -n "$((SLURM_ARRAY_TASK_ID + 1)){p;q;}" "$file")',
    '[ -n "$job" ] || { echo "$me is not in $file" >&2; exit 1; }',
    'eval "$job"',
    '',
  ].join('\n');
}

function line({ command: [program, ...args] }: LaunchRequest, { node }: SlurmOptions): string {
  return [...(program === process.execPath ? (node ?? [program]) : [program]), ...args]
    .map(quote)
    .join(' ');
}
