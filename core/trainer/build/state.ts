import type { EngineSession, HostTensor, RecordedOperation } from '../../engine/types.js';
import { RandomStreams } from '../../random/streams.js';
import { drawParameters } from '../../step/declare.js';
import type { TrainingStep } from '../../step/program.js';
import type { Built } from './build.js';
import type { Prepared } from './prepare.js';

/** The state before the first update: parameters, and what follows them. Optimizers come by phase. */
export function initialState(prepared: Prepared): Map<string, HostTensor> {
  return new Map(drawState(prepared, (length) => new Float32Array(length)));
}

/**
 * Writes the same to a session, one tensor after the other: memory that was touched before takes half
 * of the time, so one array serves them all.
 */
export async function writeInitialState(prepared: Prepared, session: EngineSession): Promise<void> {
  let array = new Float32Array();
  const arrayOf = (length: number): Float32Array => {
    if (array.length >= length) return array.subarray(0, length).fill(0);
    // Zero as it is.
    return (array = new Float32Array(length));
  };
  for (const tensor of drawState(prepared, arrayOf)) await session.write(new Map([tensor]));
}

function* drawState(
  { built, random, experiment }: Prepared,
  arrayOf: (length: number) => Float32Array,
): Generator<[string, HostTensor]> {
  const { startSeed } = experiment.core;
  const start = startSeed === null ? random : new RandomStreams(startSeed);
  const networks = [...built.networks.values()];
  for (const network of networks) yield* drawParameters(network, start, arrayOf);
  // What follows a parameter starts from it, and is drawn once more.
  for (const { name: transform, network } of built.blueprint.stateTransforms) {
    const followed = networks.filter(({ definition }) => definition.name === network);
    for (const declared of followed) {
      for (const [name, tensor] of drawParameters(declared, start, arrayOf)) {
        yield [`${transform}/${name}`, tensor];
      }
    }
  }
}

/** Has the engine look at the step of every phase, before anything of the run exists. */
export function validateSteps({ built, experiment }: Prepared, session: EngineSession): void {
  for (const step of built.steps) {
    const state = stateShapes(built, step);
    session.validate?.(step.program, state, step.signature(experiment.core.batch));
  }
}

/** The step of the last phase, the main one, as the engine records it; undefined where it does not. */
export function describeStep(
  { built, experiment }: Prepared,
  session: EngineSession,
): readonly RecordedOperation[] | undefined {
  const step = built.steps.at(-1);
  if (step === undefined) return undefined;
  const signature = step.signature(experiment.core.batch);
  return session.describe?.(step.program, stateShapes(built, step), signature);
}

/** Shapes of the state while a step runs. */
export function stateShapes(built: Built, step: TrainingStep): Map<string, readonly number[]> {
  const shapes = new Map<string, readonly number[]>();
  for (const { definition, parameters } of built.networks.values()) {
    for (const { name, shape } of parameters) shapes.set(`${definition.name}/${name}`, shape);
  }
  for (const { name: transform, network } of built.blueprint.stateTransforms) {
    for (const [name, shape] of [...shapes]) {
      if (name.startsWith(`${network}/`)) shapes.set(`${transform}/${name}`, shape);
    }
  }
  for (const [name, { shape }] of step.initialState()) shapes.set(name, shape);
  return shapes;
}
