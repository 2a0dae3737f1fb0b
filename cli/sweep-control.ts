import { ExitCode } from '../core/errors/error.js';
import { unknownJob } from '../lab/errors/sweep.js';
import { inOneLine } from '../lab/harmless.js';
import { request } from '../lab/sweep/control.js';
import type { JobRecord } from '../lab/sweep/events.js';
import { readLedger } from '../lab/sweep/ledger.js';
import { openContext, type ExperimentOptions } from './context.js';
import { lockOptionsOf, type LauncherOptions } from './launcher.js';
import { quoted } from './quote.js';
import { launcherFor } from './sweep-queue.js';

/** `ncn sweep retry DIR [JOB…]` and `ncn sweep cancel DIR [JOB…]`; without jobs: all that it can. */
export async function sweepControlCommand(
  options: ExperimentOptions & LauncherOptions,
  action: 'retry' | 'cancel',
  directory: string,
  given: readonly string[],
): Promise<ExitCode> {
  const { terminal, log, loader } = await openContext(options);
  const records = await readLedger(directory);
  const { launcher } = await launcherFor(options, records, loader);
  const numbers = given.map((text) => {
    const number = Number(text);
    if (!records.has(number)) throw unknownJob(text, [...records.keys()]);
    return number;
  });
  const fits =
    action === 'retry'
      ? ['failed', 'cancelled', 'lost']
      : ['queued', 'submitted', 'running', 'failed', 'lost'];
  const asked = new Set(numbers);
  const jobs = [...records.values()]
    .filter(({ job, state }) => (asked.size === 0 || asked.has(job.number)) && fits.includes(state))
    .map(({ job }) => job.number);
  const by = await request(
    directory,
    { action, jobs },
    (message) => log.logger.debug(message),
    launcher,
    lockOptionsOf(options),
  );
  const count = `${jobs.length} job${jobs.length === 1 ? '' : 's'}`;
  const lines =
    by === 'this process'
      ? doneHere(action, directory, jobs, await readLedger(directory))
      : [
          by === 'sweep'
            ? `the running sweep was asked to ${action} ${count}, and is at it`
            : `the process that holds the sweep was asked to ${action} ${count}, and has not answered: it is done when that goes on, or by the next command`,
        ];
  terminal.result(lines.join('\n'), { action, jobs, by });
  return ExitCode.ok;
}

/** What a request came to that this process carried out. */
function doneHere(
  action: 'retry' | 'cancel',
  directory: string,
  jobs: readonly number[],
  records: ReadonlyMap<number, JobRecord>,
): string[] {
  const asked = jobs.flatMap((number) => records.get(number) ?? []);
  const wanted = action === 'retry' ? 'queued' : 'cancelled';
  const others = asked.filter(({ state }) => state !== wanted);
  const done = asked.length - others.length;
  const what =
    action === 'retry'
      ? `put into the queue again; run them with: ncn sweep --dir ${quoted(directory)}`
      : 'cancelled; done';
  return [
    `${done} job${done === 1 ? '' : 's'} ${what}`,
    ...others.map(({ job, state, reason }) =>
      inOneLine(`  ${job.name}: ${state}${reason === null ? '' : `: ${reason}`}`),
    ),
  ];
}
