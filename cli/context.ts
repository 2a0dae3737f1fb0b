import { join } from 'node:path';
import envPaths from 'env-paths';
import { keptPrograms } from './kept-programs.js';
import { presetNotNamed } from './errors/usage.js';
import { shortOptions, type SettingOption } from './short-options.js';
import {
  configFileAbove,
  loadConfigFile,
  parseConfigFile,
  type ConfigFile,
} from '../core/experiment/config-file.js';
import { PresetLibrary } from '../core/experiment/library.js';
import { parseOverride } from '../core/experiment/override.js';
import type { ExperimentRequest } from '../core/experiment/resolve.js';
import type { Surroundings } from '../core/open/surroundings.js';
import { PluginLoader } from '../core/plugins/loader.js';
import type { JsonValue } from '../core/run/json.js';
import { isStandardOutput } from '../core/run/output.js';
import { createLog } from '../core/services/log.js';
import { processServices } from '../core/services/process.js';
import { Terminal, type OutputMode } from '../core/services/terminal.js';
import { KnownSpeeds } from '../core/trainer/estimate/known-speeds.js';

/** Options that every command has. */
export interface GlobalOptions {
  readonly json?: boolean;
  readonly quiet?: boolean;
  /** Print each tap that ran, with its time. */
  readonly traceHooks?: boolean;
  /** What `ncn.config.*` says, as JSON, where that of the working directory is not to be read. */
  readonly configJson?: string;
}

/** What a command works with. */
export interface CommandContext extends Surroundings {
  /** `ncn.config.*` of the working directory. */
  readonly configFile: ConfigFile | undefined;
  readonly speeds: KnownSpeeds;
}

export const modeOf = (options: GlobalOptions): OutputMode =>
  options.json === true ? 'json' : options.quiet === true ? 'quiet' : 'human';

/** What is told beside a file that a command writes: not into it, where that is standard output. */
export async function terminalBeside(output: string, options: GlobalOptions): Promise<Terminal> {
  const taken = await isStandardOutput(output);
  return new Terminal(modeOf(options), taken ? process.stderr : process.stdout);
}

export async function openContext(options: GlobalOptions): Promise<CommandContext> {
  const terminal = new Terminal(modeOf(options));
  const library = await PresetLibrary.load();
  const { configJson } = options;
  const configFile =
    configJson === undefined
      ? await loadConfigFile(process.cwd())
      : await parseConfigFile(configJson, process.cwd());
  for (const preset of configFile?.presets ?? []) await library.open(preset, configFile?.folder);
  const loader = new PluginLoader();
  const trace = (hook: string, plugin: string, milliseconds: number): void => {
    terminal.line(`  hook ${hook}: ${plugin}, ${milliseconds.toFixed(2)} ms`);
    terminal.event({ type: 'hook', hook, plugin, milliseconds });
  };
  const log = createLog(terminal);
  const above = configFile === undefined ? configFileAbove(process.cwd()) : undefined;
  if (above !== undefined) {
    log.logger.warn(`${above} is not used here: ncn reads that of the working directory alone`);
  }
  return {
    terminal,
    log,
    services: processServices({ terminal, log }),
    speeds: new KnownSpeeds(join(envPaths('ncn', { suffix: '' }).cache, 'speeds.json')),
    ...keptPrograms(),
    library,
    loader,
    configFile,
    ...(options.traceHooks === true ? { trace } : {}),
  };
}

/**
 * What a command line and the configuration file ask for.
 * @throws NcnError where neither names a preset, and there is no other to take
 */
export function requestOf(
  options: ExperimentOptions & { readonly preset?: string },
  { configFile }: CommandContext,
  fallback?: string,
): ExperimentRequest {
  const preset = options.preset ?? configFile?.preset ?? fallback;
  const profile = options.profile ?? configFile?.profile;
  if (preset === undefined) throw presetNotNamed();
  return {
    preset,
    ...(profile === undefined ? {} : { profile }),
    ...(options.variant === undefined ? {} : { variant: options.variant }),
    ...(configFile === undefined ? {} : { file: configFile }),
    plugins: options.plugin ?? [],
    without: options.without ?? [],
    set: valuesOf(options),
    scale: options.scale === true,
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
  /** Whether numbers of updates keep their ratio to `updates`. */
  readonly scale?: boolean;
  /** In which order these were given; without it, `set` comes last. */
  readonly order?: readonly SettingOption[];
}

const anyOrder: readonly SettingOption[] = shortOptions.map(([name]) => name);

/**
 * The values that a command line sets, by path, in the order in which they were given.
 * @throws NcnError for a malformed `--set`
 */
export function valuesOf(options: ExperimentOptions): (readonly [string, JsonValue, string])[] {
  const { order = anyOrder, set = [] } = options;
  const values: (readonly [string, JsonValue, string])[] = [];
  const texts = [...set];
  const setNext = (text: string | undefined): void => {
    if (text !== undefined) values.push([...parseOverride(text), 'command line']);
  };
  for (const option of order) {
    if (option === 'set') setNext(texts.shift());
    else {
      const value = options[option];
      const path = shortOptions.find(([name]) => name === option)?.[1];
      if (value !== undefined && path !== undefined) values.push([path, value, 'command line']);
    }
  }
  for (const text of texts) setNext(text);
  return values;
}
