import { statSync } from 'node:fs';
import pino, { type Logger } from 'pino';
import pretty from 'pino-pretty';
import { z } from 'zod';
import { fileSystemRefused, notAFile } from '../errors/run.js';
import type { Terminal } from './terminal.js';

export interface RunLog {
  readonly logger: Logger;
  /** What a run does, for its log file alone: the terminal and the caller are told otherwise. */
  readonly story: Logger;
  /**
   * Also writes JSON lines to a file from now on.
   * @returns ends it and closes the file
   */
  toFile(path: string): () => Promise<void>;
}

/** What is told to the user beside results: a data set being read, a damaged checkpoint. */
export interface LogLine {
  readonly level: 'info' | 'warning' | 'error';
  readonly message: string;
  /** The plugin that says it. */
  readonly plugin?: string;
}

/**
 * pino: readable on the console, JSON in the run's log file.
 * @param tell is told everything but what is for debugging
 */
export function createLog(terminal: Terminal, tell?: (line: LogLine) => void): RunLog {
  const files = new Set<{ write(line: string): unknown }>();
  const toFiles = { write: (line: string) => files.forEach((file) => file.write(line)) };
  const streams = pino.multistream([{ level: 'debug', stream: toFiles }]);
  if (terminal.mode !== 'silent') {
    const level = terminal.mode === 'human' ? 'info' : 'warn';
    streams.add({ level, stream: readable(terminal) });
  }
  if (tell !== undefined) {
    streams.add({ level: 'info', stream: { write: (line) => tell(lineOf(line)) } });
  }
  return {
    logger: pino({ level: 'debug', base: null }, streams),
    story: pino({ level: 'debug', base: null }, toFiles),
    toFile: (path) => {
      checkRegular(path);
      let file: ReturnType<typeof pino.destination>;
      try {
        file = pino.destination({ dest: path, sync: true, append: true });
      } catch (error) {
        throw fileSystemRefused('open', path, error);
      }
      // A full disk stops no training: checkpoints will tell.
      file.on('error', () => undefined);
      files.add(file);
      return () => {
        files.delete(file);
        return new Promise((closed) => {
          file.once('close', closed);
          // On a full disk, where the rest cannot be written, nobody would close it; nor tell of a close that fails.
          let last = false;
          file.on('error', () => {
            if (last) closed();
            last = true;
            file.destroy();
          });
          file.end();
        });
      };
    },
  };
}

/** A pipe would keep whoever opens it waiting. @throws NcnError */
function checkRegular(path: string): void {
  if (statSync(path, { throwIfNoEntry: false })?.isFile() === false) throw notAFile(path);
}

function readable(terminal: Terminal): pretty.PrettyStream {
  return pretty({
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
}

const recordSchema = z.object({
  level: z.number(),
  msg: z.string().default(''),
  plugin: z.string().optional(),
});

/** What pino writes, for whoever wants no JSON. */
function lineOf(json: string): LogLine {
  const { level, msg: message, plugin } = recordSchema.parse(JSON.parse(json));
  return {
    level: level >= 50 ? 'error' : level >= 40 ? 'warning' : 'info',
    message,
    ...(plugin === undefined ? {} : { plugin }),
  };
}
