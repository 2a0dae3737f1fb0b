import { ExitCode } from '../core/errors/error.js';
import { RunDirectory } from '../core/run/directory.js';
import { continueRun } from '../core/trainer/loop/execute.js';
import { openContext } from './context.js';
import { newestCheckpoint, openRun, type OpenRunOptions } from './open-run.js';
import { report } from './run.js';

/** `ncn resume RUN`: continues from the newest whole checkpoint. */
export async function resumeCommand(options: OpenRunOptions, name: string): Promise<ExitCode> {
  const context = await openContext(options);
  const { terminal } = context;
  const directory = await RunDirectory.open(name);
  const lock = await directory.lock((message) => context.log.logger.warn(message));
  try {
    const status = await directory.readStatus();
    if (status?.state === 'finished' && options.acceptChanges !== true) {
      terminal.result(`The run is finished (${status.update ?? 0} updates): nothing to resume.`, {
        type: 'finished',
        directory: directory.path,
      });
      return ExitCode.ok;
    }
    const opened = await openRun(name, options, context);
    try {
      const checkpoint = await newestCheckpoint(directory, context);
      terminal.line(`resuming ${directory.path} at update ${checkpoint?.update ?? 0}`);
      terminal.event({
        type: 'resume',
        directory: directory.path,
        update: checkpoint?.update ?? 0,
      });
      const result = await continueRun(
        opened.prepared,
        opened.session,
        directory,
        context,
        checkpoint,
      );
      return report(context, result);
    } finally {
      await opened.session.close();
    }
  } finally {
    await lock.release();
  }
}
