import { nativeFailure } from '../errors/compiled.js';
import type { HostTensors, Program, ProgramSignature } from '../../core/engine/types.js';
import type { Drafts } from './drafts.js';
import { lower, type Lowered } from './lower/lower.js';
import type { LoweringOptions } from './lower/options.js';
import { bindState } from './passes/bind-state.js';
import type { Executable, NativeOptions, Runtime } from './runtime/native.js';
import { record } from './trace/record.js';

/** How long the steps of compilation took, in milliseconds. */
export interface CompileTimes {
  readonly record: number;
  readonly lower: number;
  readonly load: number;
}

/** A program that can be run on inputs of certain shapes. */
export interface Compiled extends Omit<Lowered, 'model' | 'graph'> {
  readonly executable: Executable;
  readonly times: CompileTimes;
}

/** What a program is compiled for. */
interface Given {
  readonly program: Program;
  /** Shapes of the session's state. */
  readonly state: ReadonlyMap<string, readonly number[]>;
  readonly signature: ProgramSignature;
}

/** Lets the library compile a program, which may have been recorded, lowered and even compiled before. */
export function compile(
  runtime: Runtime,
  drafts: Drafts,
  { program, state, signature }: Given,
  options: NativeOptions,
): Compiled | Promise<Compiled> {
  const { lowered, loading, ...times } = drafts.take(program, state, signature);
  if (loading === undefined) {
    return loaded(runtime, program, lowered, times, unoptimised(options));
  }
  const failed = (error: unknown): never => {
    throw compilingFailed(program, error);
  };
  return Promise.all([loading.executable, loading.took]).then(
    ([executable, load]) => compiledFrom(lowered, executable, { ...times, load }),
    failed,
  );
}

/** Begins that off the JavaScript thread, for `compile` to wait for. @throws NcnError as `record` */
export function compileAside(
  runtime: Runtime,
  drafts: Drafts,
  { program, state, signature }: Given,
  options: NativeOptions,
): void {
  drafts.load(program, state, signature, (model) => runtime.loadAside(model, unoptimised(options)));
}

const unoptimised = (options: NativeOptions): NativeOptions => ({ ...options, optimise: false });

/**
 * Compiles a program in which some of the state stays as it is.
 * @param settled the values of those entries: what depends on nothing else is computed now
 */
export function compileSettled(
  runtime: Runtime,
  { program, state, signature }: Given,
  options: LoweringOptions & NativeOptions,
  settled: HostTensors,
): Compiled {
  const start = performance.now();
  const recording = record(program, state, signature);
  const recorded = performance.now();
  const lowered = lower(bindState(recording, settled, 'bind'), { ...options, ...whenSettled });
  const times = { record: recorded - start, lower: performance.now() - recorded };
  return loaded(runtime, program, lowered, times, { ...options, optimise: true });
}

/** The library brings constant filters into its own layouts: better in one step, from plain ones. */
const whenSettled = { block: 0, knownShapes: true } as const;

function loaded(
  runtime: Runtime,
  program: Program,
  lowered: Omit<Lowered, 'graph'>,
  times: Omit<CompileTimes, 'load'>,
  options: NativeOptions,
): Compiled {
  const start = performance.now();
  const executable = load(runtime, lowered.model, program, options);
  return compiledFrom(lowered, executable, { ...times, load: performance.now() - start });
}

const compiledFrom = (
  { nodes, inputs, outputs }: Omit<Lowered, 'graph' | 'model'>,
  executable: Executable,
  times: CompileTimes,
): Compiled => ({ nodes, inputs, outputs, executable, times });

const compilingFailed = (program: Program, error: unknown) =>
  nativeFailure(`compile program '${program.name}'`, error);

function load(
  runtime: Runtime,
  model: Uint8Array,
  program: Program,
  options: NativeOptions,
): Executable {
  try {
    return runtime.load(model, options);
  } catch (error) {
    throw compilingFailed(program, error);
  }
}
