import type { EngineSession, HostTensor, ProgramOutputs } from '../../engine/types.js';
import type { Metrics } from '../../hooks/payloads.js';
import type { TrainingStep } from '../../step/program.js';
import type { ProgramFeed } from './batches.js';

/** All scalars of an update: those of the step, and those drawn with the batch. */
export function scalarsOf(
  step: TrainingStep,
  phaseUpdate: number,
  feed: ProgramFeed,
): ReadonlyMap<string, number> {
  return new Map([...step.scalars(phaseUpdate), ...feed.scalars]);
}

/** One update: the step on a batch. What it reports is read from the device when it is asked for. */
export function runUpdate(
  session: EngineSession,
  step: TrainingStep,
  feed: ProgramFeed,
  scalars: ReadonlyMap<string, number>,
): Promise<ProgramOutputs> {
  return session.run(step.program, feed.inputs, scalars);
}

/** The losses and other numbers that an update reported. */
export async function metricsOf(outputs: ProgramOutputs): Promise<Metrics> {
  return new Map([...(await outputs.read())].map(firstNumber));
}

const firstNumber = ([name, { data }]: readonly [string, HostTensor]) =>
  [name, data[0] ?? NaN] as const;
