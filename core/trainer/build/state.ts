import type { EngineSession, HostTensor, RecordedOperation } from '../../engine/types.js';
import { RandomStreams } from '../../random/streams.js';
import { initialParameters } from '../../step/declare.js';
import type { TrainingStep } from '../../step/program.js';
import type { Built } from './build.js';
import type { Prepared } from './prepare.js';

/** The state before the first update: parameters, and what follows them. Optimizers come by phase. */
export function initialState({ built, random, experiment }: Prepared): Map<string, HostTensor> {
  const { startSeed } = experiment.core;
  const start = startSeed === null ? random : new RandomStreams(startSeed);
  const state = new Map<string, HostTensor>();
  for (const network of built.networks.values()) {
    for (const [name, tensor] of initialParameters(network, start)) state.set(name, tensor);
  }
  for (const { name: transform, network } of built.blueprint.stateTransforms) {
    for (const [name, tensor] of [...state]) {
      if (name.startsWith(`${network}/`)) state.set(`${transform}/${name}`, tensor);
    }
  }
  return state;
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
