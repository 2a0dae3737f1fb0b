import { sweepCount, sweepTrace, sweepTwice, sweepWithoutMatrix } from '../lab/errors/sweep.js';
import type { ConfigFile } from '../core/experiment/config-file.js';
import { flatten } from '../core/experiment/paths.js';
import type { PluginLoader } from '../core/plugins/loader.js';
import type { JsonValue } from '../core/run/json.js';
import type { Matrix } from '../lab/sweep/matrix.js';
import { shareMachine, type Resources } from '../lab/sweep/sweep.js';
import { parseAxes, parseSeeds, type Axis } from '../lab/sweep/values.js';
import { valuesOf, type CommandContext, type ExperimentOptions } from './context.js';
import { seedAndSeeds } from './errors/usage.js';
import type { LauncherOptions } from './launcher.js';
import { flagOf } from './short-options.js';

export interface SweepOptions extends ExperimentOptions, LauncherOptions {
  readonly presets?: string;
  readonly seeds?: string;
  readonly dir?: string;
  readonly jobs?: number;
  readonly devices?: string;
  readonly dryRun?: boolean;
  readonly wait?: boolean;
}

const list = (text: string): string[] =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');

/** The options that hold for every job, then those that are varied. */
function axesOf(options: ExperimentOptions): Axis[] {
  const ownWay = ['set', 'data', 'threads', 'seed'];
  const rest = Object.fromEntries(Object.entries(options).filter(([key]) => !ownWay.includes(key)));
  const fixed = valuesOf(rest).map(([path, value]): Axis => ({ path, values: [value] }));
  const varied = parseAxes(options.set ?? []);
  const twice = varied.find(({ path }) => fixed.some((axis) => axis.path === path));
  // Which of them was meant, their order would tell; but a list beside one value is a mistake.
  if (twice !== undefined) throw sweepTwice(twice.path);
  return [...fixed, ...varied];
}

/** Options that say which jobs are asked for, or how they are. */
const matrixOptions = [
  ...(['seeds', 'seed', 'profile', 'variant', 'set', 'plugin', 'without', 'updates'] as const),
  ...(['batch', 'scale', 'dataset', 'engine', 'evalEvery', 'checkpointEvery'] as const),
  ...(['hookTimeout', 'traceHooks'] as const),
];

/** @throws NcnError for options that would do nothing */
export function refuseIdle(options: SweepOptions): void {
  if (options.seeds !== undefined && options.seed !== undefined) throw seedAndSeeds();
  if (options.presets !== undefined) return;
  const given = matrixOptions.filter((name) => options[name] !== undefined);
  if (given.length > 0) throw sweepWithoutMatrix(given.map((name) => `--${flagOf(name)}`));
}

/** How the jobs share the machine. @throws NcnError for 0 of something */
export function resourcesOf(options: SweepOptions): Resources {
  const { jobs, threads } = options;
  for (const [name, count] of Object.entries({ jobs, threads })) {
    if (count === 0) throw sweepCount(`--${name}`, '0');
  }
  return shareMachine({
    ...(jobs === undefined ? {} : { jobs }),
    ...(threads === undefined ? {} : { threads }),
    ...(options.devices === undefined ? {} : { devices: list(options.devices) }),
  });
}

/** Values that a sweep gives its jobs in its own way, whatever a configuration file says. */
const ownValues = ['seed', 'threads'];

/**
 * The matrix that the options and the configuration file describe.
 * @throws NcnError where they make no sense
 */
export function matrixOf(
  options: SweepOptions,
  presets: string,
  { configFile, loader }: CommandContext,
): Matrix {
  if (options.traceHooks === true) throw sweepTrace();
  const profile = options.profile ?? configFile?.profile;
  return {
    presets: list(presets),
    seeds: options.seeds === undefined ? [seedOf(options, configFile)] : parseSeeds(options.seeds),
    axes: axesOf(options),
    ...(profile === undefined ? {} : { profile }),
    ...(options.variant === undefined ? {} : { variant: options.variant }),
    plugins: (options.plugin ?? []).map((spec) => foundAnywhere(spec, loader)),
    without: options.without ?? [],
    ...(options.scale === true ? { scale: true } : {}),
    ...(configFile === undefined ? {} : { file: partsOf(configFile, loader) }),
  };
}

function seedOf({ seed }: SweepOptions, configFile: ConfigFile | undefined): number {
  const { seed: own } = configFile?.set ?? {};
  return seed ?? (typeof own === 'number' ? own : 1);
}

function partsOf({ plugins, set }: ConfigFile, loader: PluginLoader): NonNullable<Matrix['file']> {
  return {
    plugins: plugins.map(({ plugin, options }) => ({
      plugin: foundAnywhere(plugin, loader),
      options,
    })),
    set: Object.entries(set).filter(([path]) => !ownValues.includes(path)),
  };
}

/** A path is written so that it leads to the same file from any folder. */
const foundAnywhere = (spec: string, loader: PluginLoader): string => loader.fileOf(spec) ?? spec;

/** The same options with what the configuration file says, for a command that needs no file. */
export async function withFile<Options extends SweepOptions>(
  options: Options,
  { axes }: Matrix,
  { configFile, loader }: CommandContext,
): Promise<Options> {
  if (configFile === undefined) return options;
  const values = new Map<string, JsonValue>();
  for (const { plugin, options: own } of configFile.plugins) {
    const { name } = (await loader.load(plugin, configFile.folder)).plugin;
    for (const [path, value] of flatten(own, name)) values.set(path, value);
  }
  for (const [path, value] of Object.entries(configFile.set)) values.set(path, value);
  for (const path of [...ownValues, ...axes.map((axis) => axis.path)]) values.delete(path);
  const set = [...values].map(([path, value]) => `${path}=${JSON.stringify(value)}`);
  const plugins = configFile.plugins.map(({ plugin }) => plugin);
  return {
    ...options,
    set: [...set, ...(options.set ?? [])],
    plugin: [...plugins, ...(options.plugin ?? [])],
  };
}
