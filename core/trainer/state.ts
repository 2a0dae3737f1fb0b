import type { HostTensor } from '../engine/types.js';
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
