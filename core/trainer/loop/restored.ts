import { util } from '@tensorflow/tfjs-core';
import type { HostTensor } from '../../engine/types.js';
import type { JsonValue } from '../../run/json.js';
import { checkNetworks, hasNetwork } from '../build/misfits.js';
import type { Prepared } from '../build/prepare.js';
import { initialState, stateShapes } from '../build/state.js';
import type { Continuation } from './continuation.js';

/** A checkpoint's state as the experiment is now. */
export interface Restored {
  readonly tensors: Map<string, HostTensor>;
  /** What it has not, and what begins here: slots of an optimizer, averages of `ema`; in words. */
  readonly begun: string;
}

/**
 * Fits a checkpoint's state to an experiment that may have been given other plugins since: an
 * optimizer's slots and a network that is new begin as in a new run, what follows a network's weights
 * begins with them, and what nothing uses any more is left out.
 * @throws NcnError (`NCN_RUN_NETWORKS`) where a network is not the one that was trained
 */
export function restoredState(prepared: Prepared, onward: Continuation): Restored | undefined {
  const { checkpoint, position } = onward;
  if (checkpoint === undefined) return undefined;
  const { tensors } = checkpoint;
  const { built } = prepared;
  checkNetworks(built, tensors, position.update);
  // `v` of one optimizer is not that of the next.
  const another = hasOtherOptimizers(onward);
  const forget = (name: string): boolean => another && name.startsWith('optimizer/');
  const step = built.steps[position.phase];
  const slots = step?.initialState() ?? new Map<string, HostTensor>();
  const isNew = [...built.networks.keys()].some((name) => !hasNetwork(tensors, name));
  const fresh = isNew ? initialState(prepared) : new Map<string, HostTensor>();
  const transforms = built.blueprint.stateTransforms.map(({ name }) => `${name}/`);
  /** What a part of the state begins with that the checkpoint has not. */
  const startOf = (name: string): HostTensor | undefined => {
    const prefix = transforms.find((one) => name.startsWith(one)) ?? '';
    return slots.get(name) ?? tensors.get(name.slice(prefix.length)) ?? fresh.get(name);
  };
  const now = stateShapes(built, step);
  const begun: string[] = [];
  const restored = new Map<string, HostTensor>();
  for (const [name, shape] of now) {
    const saved = forget(name) ? undefined : tensors.get(name);
    if (saved !== undefined && util.arraysEqual([...saved.shape], [...shape])) {
      restored.set(name, saved);
      continue;
    }
    // A phase that has not begun writes its slots when it does.
    if (slots.has(name) && position.phaseUpdate === 0) continue;
    const start = startOf(name);
    if (start === undefined) continue;
    restored.set(name, start);
    begun.push(name.slice(0, name.indexOf('/')));
  }
  const used = new Set(built.steps.flatMap((other) => [...stateShapes(built, other).keys()]));
  const others = [...tensors].filter(([name]) => !now.has(name) && used.has(name) && !forget(name));
  const kinds = [...new Set(begun)].map(
    (kind) => `${kind} (${begun.filter((one) => one === kind).length} tensors)`,
  );
  return { tensors: new Map([...restored, ...others]), begun: kinds.join(', ') };
}

const hasOtherOptimizers = ({ fresh }: Continuation): boolean =>
  fresh.some(({ values }) =>
    values.some(
      ({ path, before, after }) =>
        path === 'plugins' && optimizersIn(before).join() !== optimizersIn(after).join(),
    ),
  );

const optimizersIn = (plugins: JsonValue): string[] =>
  Array.isArray(plugins) ? plugins.map(String).filter((name) => /optimi[sz]er/.test(name)) : [];
