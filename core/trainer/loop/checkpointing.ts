import type { EngineSession } from '../../engine/types.js';
import { sealedValues } from '../../experiment/sealed.js';
import { saveConfig } from '../../experiment/saved.js';
import { CheckpointStore, type CheckpointEntry } from '../../run/checkpoints.js';
import type { RunDirectory } from '../../run/directory.js';
import type { EventLog } from '../../run/eventlog.js';
import { packNumbers, unpackNumbers, type JsonValue } from '../../run/json.js';
import { sealOf } from '../../run/seal.js';
import type { Prepared } from '../build/prepare.js';
import type { Position } from './position.js';

/** Gives plugins back what a checkpoint holds of them. */
export async function restorePlugins(
  { lifecycle, persistences }: Prepared,
  update: number,
  states: Readonly<Record<string, JsonValue>>,
): Promise<void> {
  for (const [plugin, persistence] of persistences) {
    const state = states[plugin];
    if (state !== undefined) persistence.restore(unpackNumbers(state));
  }
  await lifecycle.checkpointRestore.call({
    update,
    state: (plugin) => unpackNumbers(states[plugin] ?? null) ?? undefined,
  });
}

/** Writes a checkpoint of the session's state, and of everything that belongs to it. */
export async function saveCheckpoint(
  { lifecycle, persistences, experiment, dataset }: Prepared,
  session: EngineSession,
  directory: RunDirectory,
  metricsLog: EventLog,
  position: Position,
  keepLast: number,
): Promise<Pick<CheckpointEntry, 'path' | 'contentHash'>> {
  const { update } = position;
  const plugins: Record<string, JsonValue> = {};
  await lifecycle.checkpointSave.call({
    update,
    save: (plugin, state) => (plugins[plugin] = packNumbers(state)),
  });
  for (const [plugin, { save }] of persistences) plugins[plugin] = packNumbers(save());
  const store = new CheckpointStore(directory.checkpoints, { keepLast });
  const tensors = await session.read();
  const configuration = sealOf(sealedValues(saveConfig(experiment, directory.path), dataset.hash));
  await metricsLog.flush();
  const metrics = metricsLog.content;
  const content = { update, position, plugins, tensors, configuration, metrics };
  const { path, contentHash } = await store.save(content);
  await lifecycle.checkpointSaved.call({ update, path, contentHash });
  return { path, contentHash };
}
