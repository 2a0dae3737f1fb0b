import { ExitCode, NcnError } from '../errors/error.js';
import * as host from '../index.js';
import { PresetLibrary } from '../experiment/library.js';
import { parseOverride } from '../experiment/layers.js';
import { PluginLoader } from '../plugins/loader.js';
import type { JsonValue } from '../run/json.js';
import { createLog } from '../services/log.js';
import { Terminal, type OutputMode } from '../services/terminal.js';
import type { Host } from '../trainer/prepare.js';

/** Options that every command has. */
export interface GlobalOptions {
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** What a command works with. */
export interface CommandContext extends Host {
  readonly library: PresetLibrary;
  readonly loader: PluginLoader;
}

export const modeOf = (options: GlobalOptions): OutputMode =>
  options.json === true ? 'json' : options.quiet === true ? 'quiet' : 'human';

export async function openContext(options: GlobalOptions): Promise<CommandContext> {
  const terminal = new Terminal(modeOf(options));
  return {
    terminal,
    log: createLog(terminal),
    library: await PresetLibrary.load(),
    loader: new PluginLoader(host),
  };
}

/** Options of commands that resolve an experiment. */
export interface ExperimentOptions extends GlobalOptions {
  readonly profile?: string;
  readonly variant?: string;
  readonly set?: readonly string[];
  readonly plugin?: readonly string[];
  readonly without?: readonly string[];
  readonly seed?: number;
  readonly updates?: number;
  readonly batch?: number;
  readonly dataset?: string;
  readonly data?: string;
  readonly engine?: string;
  readonly threads?: number;
  readonly evalEvery?: number;
  readonly checkpointEvery?: number;
  readonly hookTimeout?: number;
}

/** Short options and the values that they set. */
const shortOptions = [
  ['seed', 'seed'],
  ['updates', 'updates'],
  ['batch', 'batch'],
  ['dataset', 'dataset'],
  ['data', 'data'],
  ['engine', 'engine'],
  ['threads', 'threads'],
  ['hookTimeout', 'hookTimeout'],
  ['evalEvery', 'evaluation.every'],
  ['checkpointEvery', 'checkpoints.every'],
] as const;

/** The values that a command line sets, by path. @throws NcnError for a malformed `--set` */
export function valuesOf(options: ExperimentOptions): (readonly [string, JsonValue, string])[] {
  const values: (readonly [string, JsonValue, string])[] = [];
  for (const [option, path] of shortOptions) {
    const value = options[option];
    if (value !== undefined) values.push([path, value, 'command line']);
  }
  for (const text of options.set ?? []) values.push([...parseOverride(text), 'command line']);
  return values;
}

/** Parses a whole number of the command line. @throws NcnError */
export function wholeNumber(text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= 0) return value;
  throw new NcnError(`'${text}' is not a whole number.`, {
    code: 'NCN_USAGE_NUMBER',
    exit: ExitCode.usage,
  });
}
