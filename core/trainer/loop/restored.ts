import type { HostTensor } from '../../engine/types.js';
import { stateMisfit } from '../../errors/training.js';
import type { JsonValue } from '../../run/json.js';
import type { Built } from '../build/build.js';
import { stateShapes } from '../build/state.js';
import type { Continuation } from './continuation.js';

/** A checkpoint's state as the experiment is now. */
export interface Restored {
  readonly tensors: Map<string, HostTensor>;
  /** What it has not, and what begins here: slots of an optimizer, averages of `ema`; in words. */
  readonly begun: string;
}

/**
 * Fits a checkpoint's state to an experiment that may have been given other plugins since: an
 * optimizer's slots begin as in a new run, what follows a network's weights begins with them, and
 * what nothing uses any more is left out.
 * @throws NcnError (`NCN_RESUME_STATE`) where a network is not the one that was trained
 */
export function restoredState(built: Built, onward: Continuation): Restored | undefined {
  const { checkpoint, position } = onward;
  if (checkpoint === undefined) return undefined;
  const { tensors } = checkpoint;
  // `v` of one optimizer is not that of the next.
  const another = hasOtherOptimizers(onward);
  const forget = (name: string): boolean => another && name.startsWith('optimizer/');
  const step = built.steps[position.phase];
  const slots = step?.initialState() ?? new Map<string, HostTensor>();
  const now = stateShapes(built, step);
  const misfits: string[] = [];
  const begun: string[] = [];
  const restored = new Map<string, HostTensor>();
  for (const [name, shape] of now) {
    const saved = forget(name) ? undefined : tensors.get(name);
    if (saved !== undefined && isSame(saved.shape, shape)) {
      restored.set(name, saved);
      continue;
    }
    // A phase that has not begun writes its slots when it does.
    if (slots.has(name) && position.phaseUpdate === 0) continue;
    const start = slots.get(name) ?? tensors.get(followed(built, name));
    if (start === undefined || !isSame(start.shape, shape)) {
      misfits.push(`${name} ${sidesOf(saved?.shape)} → ${sidesOf(shape)}`);
    } else {
      restored.set(name, start);
      begun.push(name.slice(0, name.indexOf('/')));
    }
  }
  const networks = [...built.networks.keys()].map((name) => `${name}/`);
  for (const [name, { shape }] of tensors) {
    if (!now.has(name) && networks.some((prefix) => name.startsWith(prefix))) {
      misfits.push(`${name} ${sidesOf(shape)} → nothing`);
    }
  }
  if (misfits.length > 0) throw stateMisfit(position.update, misfits);
  const used = usedBy(built);
  const others = [...tensors].filter(([name]) => !now.has(name) && used.has(name) && !forget(name));
  const kinds = [...new Set(begun)].map(
    (kind) => `${kind} (${begun.filter((one) => one === kind).length} tensors)`,
  );
  return { tensors: new Map([...restored, ...others]), begun: kinds.join(', ') };
}

/** The weight that something of the state follows; any other name as it is. */
function followed({ blueprint }: Built, name: string): string {
  const prefix = blueprint.stateTransforms
    .map((transform) => `${transform.name}/`)
    .find((one) => name.startsWith(one));
  return name.slice(prefix?.length ?? 0);
}

/** Names of the state in any phase. */
const usedBy = (built: Built): Set<string> =>
  new Set(built.steps.flatMap((step) => [...stateShapes(built, step).keys()]));

const isSame = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((side, i) => side === b[i]);

const sidesOf = (shape: readonly number[] | undefined): string =>
  shape === undefined ? 'nothing' : `[${shape.join(', ')}]`;

const hasOtherOptimizers = ({ fresh }: Continuation): boolean =>
  fresh.some(({ values }) =>
    values.some(
      ({ path, before, after }) =>
        path === 'plugins' && optimizersIn(before).join() !== optimizersIn(after).join(),
    ),
  );

const optimizersIn = (plugins: JsonValue): string[] =>
  Array.isArray(plugins) ? plugins.map(String).filter((name) => /optimi[sz]er/.test(name)) : [];
