import { nativeFailure } from '../errors/compiled.js';
import type { HostTensors, Program, ProgramSignature } from '../../core/engine/types.js';
import { lower, type Lowered } from './lower/lower.js';
import type { LoweringOptions } from './lower/options.js';
import { mayMerge } from './lower/placement.js';
import { bindState } from './passes/bind-state.js';
import { mergeFilterGradients } from './passes/merge-filter-gradients.js';
import type { Executable, NativeOptions, Runtime } from './runtime/native.js';
import { record } from './trace/record.js';

/** How long the steps of compilation took, in milliseconds. */
export interface CompileTimes {
  readonly record: number;
  readonly lower: number;
  readonly load: number;
}

/** A program that can be run on inputs of certain shapes. */
export interface Compiled extends Omit<Lowered, 'model'> {
  readonly executable: Executable;
  readonly times: CompileTimes;
}

/**
 * Records a program, lowers it and lets the library compile it.
 * @param state shapes of the session's state
 * @param settled values of those entries that stay as they are: what depends on nothing else is
 *   computed now
 */
export function compile(
  runtime: Runtime,
  program: Program,
  state: ReadonlyMap<string, readonly number[]>,
  signature: ProgramSignature,
  options: LoweringOptions & NativeOptions,
  settled?: HostTensors,
): Compiled {
  const start = performance.now();
  const recording = record(program, state, signature);
  const recorded = performance.now();
  const { model, ...rest } =
    settled === undefined
      ? lower(mergeFilterGradients(recording, mayMerge(options)), options)
      : lower(bindState(recording, settled, 'bind'), { ...options, ...whenSettled });
  const lowered = performance.now();
  const optimise = settled !== undefined;
  const executable = load(runtime, model, program, { ...options, optimise });
  const times = {
    record: recorded - start,
    lower: lowered - recorded,
    load: performance.now() - lowered,
  };
  return { ...rest, executable, times };
}

/** The library brings constant filters into its own layouts: better in one step, from plain ones. */
const whenSettled = { block: 0, knownShapes: true } as const;

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
