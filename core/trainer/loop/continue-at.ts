import { nothingToTrain, phaseOver, phasesChanged } from '../../errors/training.js';
import type { Position } from './position.js';

interface PhaseLength {
  readonly name: string;
  readonly updates: number;
}

/**
 * Where a run goes on whose phases may have been changed. A finished one goes on in its last phase,
 * or in those after it.
 * @param before the phases that it was begun with @param now those that it has from here on
 * @throws NcnError where the phases that are over would be others, or nothing is left to train
 */
export function continueAt(
  position: Position,
  before: readonly PhaseLength[],
  now: readonly PhaseLength[],
): Position {
  const names = now.map(({ name }) => name);
  if (before.some(({ name }, i) => names[i] !== name)) {
    throw phasesChanged(
      before.map(({ name }) => name),
      names,
    );
  }
  const over = position.phase >= before.length;
  const current = over ? before.length - 1 : position.phase;
  before.slice(0, current).forEach(({ name, updates }, i) => {
    const asked = now[i]?.updates ?? 0;
    if (asked !== updates) throw phaseOver(name, updates, asked);
  });
  const earlier = now.slice(0, current).reduce((sum, { updates }) => sum + updates, 0);
  const done = over ? position.update - earlier : position.phaseUpdate;
  const { name = '', updates = 0 } = now[current] ?? {};
  if (updates < done) throw phaseOver(name, done, updates);
  const onward = { ...position, pending: [], checkpointDue: false, stopped: null, ended: false };
  if (!over) return position.ended || position.stopped !== null ? onward : position;
  if (updates > done) return { ...onward, phase: current, phaseUpdate: done };
  if (now.length > before.length) return { ...onward, phase: before.length, phaseUpdate: 0 };
  throw nothingToTrain(position.update);
}
