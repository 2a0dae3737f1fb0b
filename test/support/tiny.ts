import type * as host from '../../core/index.js';
import { openEngine } from '../../engines/registry.js';
import type { EngineSession } from '../../core/engine/types.js';
import type { JsonValue } from '../../core/run/json.js';
import { prepareTiny as prepareExperiment } from '../../lab/testing/prepare.js';
import { batchesOf } from '../../core/trainer/loop/batches-of.js';
import type { BatchNeeds } from '../../core/trainer/loop/batches.js';
import { repeatUpdate } from '../../core/trainer/loop/replay.js';
import { metricsOf } from '../../core/trainer/loop/update.js';
import type { Prepared } from '../../core/trainer/build/prepare.js';
import { initialState } from '../../core/trainer/build/state.js';

/** What a step of the main phase needs that consumes one batch and whose losses draw nothing. */
export const oneBatch: BatchNeeds = { phase: { name: 'main' }, batches: 1, draws: new Map() };

/** A preset made tiny, with its steps built. */
export function prepareTiny(
  preset: string,
  values: Readonly<Record<string, JsonValue>> = {},
  plugins: readonly (host.Plugin | string)[] = [],
): Promise<Prepared> {
  return prepareExperiment({ preset, values, plugins });
}

export interface Trained {
  readonly metrics: ReadonlyMap<string, number>[];
  readonly state: ReadonlyMap<string, host.HostTensor>;
  readonly session: EngineSession;
}

/** Runs the first updates of every phase on an engine, without hooks. The caller closes the session. */
export async function trainTiny(
  prepared: Prepared,
  engine: string,
  updates: number,
): Promise<Trained> {
  const session = await openEngine(engine);
  await session.write(initialState(prepared));
  const batches = batchesOf(prepared);
  const metrics: ReadonlyMap<string, number>[] = [];
  for (const step of prepared.built.steps) {
    await session.write(step.initialState());
    for (let update = 1; update <= updates; update++) {
      const { outputs } = await repeatUpdate(session, step, batches, update);
      metrics.push(await metricsOf(outputs));
    }
  }
  return { metrics, state: await session.read(), session };
}
