import type { EngineSession } from '../../engine/types.js';
import type { Metrics } from '../../hooks/payloads.js';
import type { Checkpoint } from '../../run/checkpoints.js';
import { BatchSource } from './batches.js';
import { positionSchema, startPosition } from './position.js';
import type { Prepared } from '../build/prepare.js';
import { initialState } from '../build/state.js';

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
  const { built, dataset, random, sampler, experiment } = prepared;
  const { augmentation } = built.blueprint;
  const batches = new BatchSource(
    dataset.train,
    augmentation,
    random,
    sampler,
    experiment.core.batch,
  );
  await session.write(start === undefined ? initialState(prepared) : start.tensors);
  const position = start === undefined ? startPosition : positionSchema.parse(start.position);
  let { update, phaseUpdate } = position;
  for (const step of built.steps.slice(position.phase)) {
    if (phaseUpdate === 0) await session.write(step.initialState());
    while (phaseUpdate < step.phase.updates) {
      phaseUpdate++;
      update++;
      const feed = batches.at(step, phaseUpdate);
      const scalars = new Map([...step.scalars(phaseUpdate), ...feed.scalars]);
      const outputs = await session.run(step.program, feed.inputs, scalars);
      if (update < target) continue;
      const read = await outputs.read();
      return new Map([...read].map(([name, { data }]) => [name, data[0] ?? NaN]));
    }
    phaseUpdate = 0;
  }
  return undefined;
}
