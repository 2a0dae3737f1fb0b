import { ExitCode } from '../core/errors/error.js';
import { formatMetric } from '../core/services/format.js';
import { openContext } from './context.js';
import { openRun, type OpenRunOptions } from './open-run.js';

export interface ReplayOptions extends OpenRunOptions {
  readonly update?: number;
}

/** `ncn replay RUN --update N`: repeats an update from the checkpoint before it; writes nothing. */
export async function replayCommand(options: ReplayOptions, name: string): Promise<ExitCode> {
  const context = await openContext(options);
  const { update = 1, ...rest } = options;
  const run = await openRun(name, rest, context);
  try {
    const metrics = await run.replay(update, {
      onStart: (from) => context.terminal.line(`replaying update ${update} from update ${from}`),
    });
    const text = [...metrics].map(([metric, value]) => `  ${metric} ${formatMetric(value)}`);
    context.terminal.result(`update ${update}:\n${text.join('\n')}`, {
      update,
      metrics: Object.fromEntries(metrics),
    });
    return ExitCode.ok;
  } finally {
    await run.close();
  }
}
