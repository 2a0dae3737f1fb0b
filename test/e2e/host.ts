import { fork, type ChildProcess } from 'node:child_process';
import { join, resolve } from 'node:path';
import type { HostedCommand, HostedResult } from '../../bench/host.js';
import { temporary, type Finished } from './support.js';

const script = join(resolve(import.meta.dirname, '../..'), 'dist/bench/host.js');

let host: ChildProcess | undefined;
let last: Promise<unknown> = Promise.resolve();

function started(): ChildProcess {
  if (host?.connected !== true) {
    host = fork(script, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    host.unref();
    host.channel?.unref();
  }
  return host;
}

function send(command: HostedCommand): Promise<HostedResult> {
  const process = started();
  process.channel?.ref();
  return new Promise<HostedResult>((done, failed) => {
    const ended = (): void => failed(new Error('The process that runs the commands has ended.'));
    process.once('exit', ended);
    process.once('message', (result) => {
      process.off('exit', ended);
      process.channel?.unref();
      done(result as HostedResult);
    });
    process.send(command);
  });
}

/**
 * As `ncn` of ./support.ts, in a process that has run others before and is warm: for what is not about the process
 * itself (its streams, signals, exit), in a fraction of the time. It tests on the way that nothing of one command
 * stays for the next.
 */
export function inHost(args: readonly string[], cwd = temporary()): Promise<Finished> {
  const own = Object.entries(process.env).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as const],
  );
  const env = { ...Object.fromEntries(own), NO_COLOR: '1', NCN_OFFLINE: '1' };
  const result = last.then(() => send({ args: [...args], cwd, env }));
  last = result.catch(() => undefined);
  return result.then((ended) => ({ ...ended, signal: null }));
}
