import type { EngineSession, HostTensor, RecordedOperation } from '../../engine/types.js';
import { RandomStreams } from '../../random/streams.js';
import { undrawnParameters, type Undrawn } from '../../step/declare.js';
import type { TrainingStep } from '../../step/program.js';
import type { Built } from './build.js';
import type { Draws } from './draws.js';
import type { Prepared } from './prepare.js';

/** The state before the first update: parameters, and what follows them. Optimizers come by phase. */
export function initialState(prepared: Prepared): Map<string, HostTensor> {
  return new Map(
    undrawnState(prepared).map(({ name, draw }) => [
      name,
      draw((length) => new Float32Array(length)),
    ]),
  );
}

/**
 * Writes the same to a session, one tensor after the other: memory that was touched before takes half
 * of the time, so one array serves them all.
 * @param draws those that are made already, or on their way
 */
export async function writeInitialState(
  prepared: Prepared,
  session: EngineSession,
  draws?: Draws,
): Promise<void> {
  let array = new Float32Array();
  const arrayOf = (length: number): Float32Array => {
    if (array.length >= length) return array.subarray(0, length).fill(0);
    // Zero as it is.
    return (array = new Float32Array(length));
  };
  for (const { name, shape, draw } of undrawnState(prepared)) {
    if (await draws?.give(name, shape, session)) continue;
    await session.write(new Map([[name, draw(arrayOf)]]));
  }
}

function undrawnState({ built, random, experiment }: Prepared): Undrawn[] {
  const { startSeed } = experiment.core;
  const start = startSeed === null ? random : new RandomStreams(startSeed);
  const networks = [...built.networks.values()];
  return [
    ...networks.flatMap((network) => undrawnParameters(network, start)),
    // What follows a parameter starts from it, and is drawn once more.
    ...built.blueprint.stateTransforms.flatMap(({ name: transform, network }) =>
      networks
        .filter(({ definition }) => definition.name === network)
        .flatMap((followed) => undrawnParameters(followed, start))
        .map((undrawn) => ({ ...undrawn, name: `${transform}/${undrawn.name}` })),
    ),
  ];
}

/** Has the engine look at the step of every phase, before anything of the run exists. */
export function validateSteps({ built, experiment }: Prepared, session: EngineSession): void {
  for (const step of built.steps) {
    const state = stateShapes(built, step);
    session.validate?.(step.program, state, step.signature(experiment.core.batch));
  }
}

/** Has the engine begin to compile the step of a phase, for when it is needed. */
export function beginStep(
  { built, experiment }: Prepared,
  session: EngineSession,
  phase: number,
): void {
  const step = built.steps[phase];
  if (step === undefined) return;
  session.begin?.(step.program, stateShapes(built, step), step.signature(experiment.core.batch));
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

/** Shapes of the state while a step runs; undefined: after the last one. */
export function stateShapes(
  built: Built,
  step: TrainingStep | undefined,
): Map<string, readonly number[]> {
  const shapes = new Map<string, readonly number[]>();
  for (const { definition, parameters } of built.networks.values()) {
    for (const { name, shape } of parameters) shapes.set(`${definition.name}/${name}`, shape);
  }
  for (const { name: transform, network } of built.blueprint.stateTransforms) {
    for (const [name, shape] of [...shapes]) {
      if (name.startsWith(`${network}/`)) shapes.set(`${transform}/${name}`, shape);
    }
  }
  for (const [name, { shape }] of step?.initialState() ?? []) shapes.set(name, shape);
  return shapes;
}
