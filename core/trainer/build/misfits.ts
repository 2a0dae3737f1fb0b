import { util } from '@tensorflow/tfjs-core';
import { stateMisfit } from '../../errors/training.js';
import type { Built } from './build.js';

type Shaped = ReadonlyMap<string, { readonly shape: readonly number[] }>;

/** Whether the state has anything of a network: one that was added since has nothing. */
export const hasNetwork = (state: Shaped, network: string): boolean =>
  [...state.keys()].some((name) => name.startsWith(`${network}/`));

/**
 * Checks that the networks of an experiment are those that a state was trained with. Engines take
 * what they are given: the compiled one would run with a weight of another shape, or with none.
 * @param update of the checkpoint
 * @throws NcnError (`NCN_RUN_NETWORKS`) where a layer is missing, new or of another size
 */
export function checkNetworks({ networks, blueprint }: Built, state: Shaped, update: number): void {
  const misfits: string[] = [];
  for (const [network, { parameters }] of networks) {
    if (network !== blueprint.main && !hasNetwork(state, network)) continue;
    const now = new Map(parameters.map(({ name, shape }) => [`${network}/${name}`, shape]));
    for (const [name, shape] of now) {
      const saved = state.get(name)?.shape;
      if (saved === undefined || !util.arraysEqual([...saved], [...shape]))
        misfits.push(between(name, saved, shape));
    }
    for (const [name, { shape }] of state) {
      if (name.startsWith(`${network}/`) && !now.has(name)) {
        misfits.push(between(name, shape, undefined));
      }
    }
  }
  if (misfits.length > 0) throw stateMisfit(update, misfits);
}

function between(
  name: string,
  saved: readonly number[] | undefined,
  now: readonly number[] | undefined,
): string {
  const sides = (shape: readonly number[] | undefined): string =>
    shape === undefined ? 'not there' : `[${shape.join(', ')}]`;
  return `${name}: ${sides(saved)} in the checkpoint, ${sides(now)} now`;
}
