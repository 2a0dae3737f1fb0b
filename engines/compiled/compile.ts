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

/** Lets the library compile a program, which may have been recorded and lowered before. */
export function compile(
  runtime: Runtime,
  drafts: Drafts,
  { program, state, signature }: Given,
  options: NativeOptions,
): Compiled {
  const { lowered, ...times } = drafts.take(program, state, signature);
  return loaded(runtime, program, lowered, times, { ...options, optimise: false });
}

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
  { model, nodes, inputs, outputs }: Lowered,
  times: Omit<CompileTimes, 'load'>,
  options: NativeOptions,
): Compiled {
  const start = performance.now();
  const executable = load(runtime, model, program, options);
  return {
    nodes,
    inputs,
    outputs,
    executable,
    times: { ...times, load: performance.now() - start },
  };
}

function load(
  runtime: Runtime,
  model: Uint8Array,
  program: Program,
  options: NativeOptions,
): Executable {
  try {
    return runtime.load(model, options);
  } catch (error) {
    throw nativeFailure(`compile program '${program.name}'`, error);
  }
}
