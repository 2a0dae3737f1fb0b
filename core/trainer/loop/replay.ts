import type { EngineSession, ProgramOutputs } from '../../engine/types.js';
import type { Metrics } from '../../hooks/payloads.js';
import type { Checkpoint } from '../../run/checkpoints.js';
import { batchesOf } from './batches-of.js';
import { unchangedFrom } from './continuation.js';
import type { BatchSource, ProgramFeed } from './batches.js';
import { metricsOf, runUpdate, scalarsOf } from './update.js';
import type { TrainingStep } from '../../step/program.js';
import { checkNetworks } from '../build/misfits.js';
import type { Prepared } from '../build/prepare.js';
import { writeInitialState } from '../build/state.js';

/** Repeats an update of a phase, without hooks, on the batch that it has in a run. */
export async function repeatUpdate(
  session: EngineSession,
  step: TrainingStep,
  batches: BatchSource,
  phaseUpdate: number,
): Promise<{ readonly feed: ProgramFeed; readonly outputs: ProgramOutputs }> {
  const feed = await batches.at(step, phaseUpdate);
  const scalars = scalarsOf(step, phaseUpdate, feed);
  return { feed, outputs: await runUpdate(session, step, feed, scalars) };
}

/**
 * Repeats updates from a checkpoint (or from the start) up to `target`, without hooks and without
 * writing anything. Since batches depend only on seed and update number, the result is the run's.
 * @returns metrics of the target update; undefined when the run has no such update
 */
export async function replayUpdates(
  prepared: Prepared,
  session: EngineSession,
  start: Checkpoint | undefined,
  target: number,
): Promise<Metrics | undefined> {
  const { built } = prepared;
  const batches = batchesOf(prepared);
  const { position } = unchangedFrom(start);
  if (start === undefined) await writeInitialState(prepared, session);
  else {
    checkNetworks(prepared.built, start.tensors, position.update);
    await session.write(start.tensors);
  }
  let { update, phaseUpdate } = position;
  for (const step of built.steps.slice(position.phase)) {
    if (phaseUpdate === 0) await session.write(step.initialState());
    while (phaseUpdate < step.phase.updates) {
      phaseUpdate++;
      update++;
      const { outputs } = await repeatUpdate(session, step, batches, phaseUpdate);
      if (update === target) return metricsOf(outputs);
    }
    phaseUpdate = 0;
  }
  return undefined;
}
