import { ExitCode } from '../core/errors/error.js';
import { RunDirectory } from '../core/run/directory.js';
import { faultsOfFinished } from '../core/run/finished.js';
import { openContext, valuesOf } from './context.js';
import { openRun, type OpenRunOptions } from './open-run.js';
import { report } from './run.js';
import { outputIsByTheWay } from './streams.js';

/** `ncn resume RUN`: continues from the newest whole checkpoint. */
export async function resumeCommand(options: OpenRunOptions, name: string): Promise<ExitCode> {
  const context = await openContext(options);
  const { terminal } = context;
  const directory = await RunDirectory.open(name);
  const status = await directory.readStatusIfSound(() => undefined); // told below
  const changes = [...valuesOf(options), ...(options.plugin ?? []), ...(options.without ?? [])];
  if (status?.state === 'finished' && changes.length === 0) {
    for (const fault of await faultsOfFinished(directory)) context.log.logger.warn(fault);
    terminal.result(
      `The run is finished (${status.update ?? 0} updates): nothing to resume. --updates N trains it further.`,
      {
        type: 'finished',
        directory: directory.path,
      },
    );
    return ExitCode.ok;
  }
  outputIsByTheWay();
  const run = await openRun(name, options, context);
  try {
    const result = await run.resume({
      handleSignals: true,
      onStart: ({ update }) => {
        terminal.line(`resuming ${directory.path} at update ${update}`);
        terminal.event({ type: 'resume', directory: directory.path, update });
      },
    });
    return await report(context, result);
  } finally {
    await run.close();
  }
}
