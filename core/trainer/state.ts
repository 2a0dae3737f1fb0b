import type { EngineSession, HostTensor } from '../engine/types.js';
import { initialParameters } from '../step/declare.js';
import type { Prepared } from './prepare.js';

/** The state before the first update: parameters, and what follows them. Optimizers come by phase. */
export function initialState({ built, random }: Prepared): Map<string, HostTensor> {
  const state = new Map<string, HostTensor>();
  for (const network of built.networks.values()) {
    for (const [name, tensor] of initialParameters(network, random)) state.set(name, tensor);
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
  const shapes = new Map<string, readonly number[]>();
  for (const { definition, parameters } of built.networks.values()) {
    for (const { name, shape } of parameters) shapes.set(`${definition.name}/${name}`, shape);
  }
  for (const { name: transform, network } of built.blueprint.stateTransforms) {
    for (const [name, shape] of [...shapes]) {
      if (name.startsWith(`${network}/`)) shapes.set(`${transform}/${name}`, shape);
    }
  }
  for (const step of built.steps) {
    const slots = [...step.initialState()].map(([name, { shape }]) => [name, shape] as const);
    const state = new Map([...shapes, ...slots]);
    session.validate?.(step.program, state, step.signature(experiment.core.batch));
  }
}
