import { ExitCode } from '../core/errors/error.js';
import { CheckpointStore } from '../core/run/checkpoints.js';
import { RunDirectory } from '../core/run/directory.js';
import { openContext, type GlobalOptions } from './context.js';
import { table } from './table.js';

/** `ncn checkpoints RUN`: update, time and content hash of each, newest first. */
export async function checkpointsCommand(options: GlobalOptions, name: string): Promise<ExitCode> {
  const { terminal, log } = await openContext(options);
  const directory = await RunDirectory.open(name);
  const list = await new CheckpointStore(directory.checkpoints).list((message) =>
    log.logger.warn(message),
  );
  const rows = list.map((c) => [
    String(c.update),
    c.time,
    `${(c.bytes / 1e6).toFixed(1)} MB`,
    c.contentHash.slice(0, 16),
  ]);
  terminal.result(
    table(['update', 'time', 'size', 'state'], rows),
    list.map(({ update, time, contentHash, bytes, path }) => ({
      update,
      time,
      contentHash,
      bytes,
      path,
    })),
  );
  return ExitCode.ok;
}
