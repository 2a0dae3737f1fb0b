import { ExitCode } from '../core/errors/error.js';
import { badPort } from '../lab/errors/report.js';
import { runsRoot } from '../core/run/directory.js';
import { Terminal } from '../core/services/terminal.js';
import { serve } from '../lab/watch/server.js';
import { WatchedRuns } from '../lab/watch/runs.js';
import { modeOf, type GlobalOptions } from './context.js';

export interface WatchOptions extends GlobalOptions {
  readonly port?: number;
}

/** `ncn watch [RUNS_DIR]`: serves the pages until Ctrl-C. */
export async function watchCommand(options: WatchOptions, folder: string): Promise<ExitCode> {
  const runs = await WatchedRuns.of(folder === '' ? runsRoot : folder);
  const { port = 0 } = options;
  if (port > 65_535) throw badPort(port);
  const stopped = new Promise<void>((stop) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop());
  });
  const server = await serve(runs, port);
  const terminal = new Terminal(modeOf(options));
  terminal.result(server.url, { url: server.url, runs: runs.root });
  terminal.line(`  the runs in ${runs.root}; Ctrl-C ends`);
  await stopped;
  await server.close();
  return ExitCode.ok;
}
