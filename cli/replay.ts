import { ExitCode } from '../core/errors/error.js';
import { noSuchUpdate } from '../core/errors/training.js';
import { CheckpointStore } from '../core/run/checkpoints.js';
import { formatMetric } from '../core/services/format.js';
import { replayUpdates } from '../core/trainer/loop/replay.js';
import { openContext } from './context.js';
import { openRun, type OpenRunOptions } from './open-run.js';

export interface ReplayOptions extends OpenRunOptions {
  readonly update?: number;
}

/** `ncn replay RUN --update N`: repeats an update from the checkpoint before it; writes nothing. */
export async function replayCommand(options: ReplayOptions, name: string): Promise<ExitCode> {
  const context = await openContext(options);
  const { update, ...rest } = options;
  const { directory, prepared, session } = await openRun(name, rest, context);
  try {
    const store = new CheckpointStore(directory.checkpoints);
    const target = update ?? 1;
    const entry = await store.before(target);
    const start = entry === undefined ? undefined : await store.load(entry);
    context.terminal.line(`replaying update ${target} from update ${start?.update ?? 0}`);
    const metrics = await replayUpdates(prepared, session, start, target);
    if (metrics === undefined) throw noSuchUpdate(target);
    const text = [...metrics].map(([metric, value]) => `  ${metric} ${formatMetric(value)}`);
    const json = Object.fromEntries(
      [...metrics].map(([m, v]) => [m, Number.isFinite(v) ? v : String(v)]),
    );
    context.terminal.result(`update ${target}:\n${text.join('\n')}`, {
      update: target,
      metrics: json,
    });
    return ExitCode.ok;
  } finally {
    await session.close();
  }
}
