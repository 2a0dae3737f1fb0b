import pino, { type Logger } from 'pino';
import pretty from 'pino-pretty';
import type { Terminal } from './terminal.js';

export interface RunLog {
  readonly logger: Logger;
  /** Also writes JSON lines to a file from now on. */
  toFile(path: string): void;
}

/** pino: readable on the console, JSON in the run's log file. */
export function createLog(terminal: Terminal): RunLog {
  const level = terminal.mode === 'human' ? 'info' : 'warn';
  const console = pretty({
    colorize: terminal.interactive && process.env['NO_COLOR'] === undefined,
    ignore: 'pid,hostname,time,plugin,level',
    messageFormat: (record, key) => {
      const plugin = typeof record['plugin'] === 'string' ? `${record['plugin']}: ` : '';
      const mark = Number(record['level']) >= 40 ? 'warning: ' : '';
      return `${mark}${plugin}${String(record[key])}`;
    },
    hideObject: true,
    sync: true,
    destination: terminal.logStream(),
  });
  const streams = pino.multistream([{ level, stream: console }]);
  const logger = pino({ level: 'debug', base: null }, streams);
  return {
    logger,
    toFile: (path) => {
      streams.add({
        level: 'debug',
        stream: pino.destination({ dest: path, sync: true, append: true }),
      });
    },
  };
}
