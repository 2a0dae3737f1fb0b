import type { EngineSession } from '../../engine/types.js';
import { sealedValues } from '../../experiment/sealed.js';
import { saveConfig } from '../../experiment/saved.js';
import { CheckpointStore, type CheckpointEntry } from '../../run/checkpoints.js';
import type { RunDirectory } from '../../run/directory.js';
import type { EventLog } from '../../run/eventlog.js';
import type { JsonValue } from '../../run/json.js';
import { packNumbers, unpackNumbers } from '../../run/packed.js';
import { sealOf } from '../../run/seal.js';
import type { Prepared } from '../build/prepare.js';
import type { Position } from './position.js';

/** Gives plugins back what a checkpoint holds of them. */
export async function restorePlugins(
  { lifecycle, persistences }: Prepared,
  update: number,
  states: Readonly<Record<string, JsonValue>>,
): Promise<void> {
  const held = (plugin: string): JsonValue | undefined =>
    Object.hasOwn(states, plugin) ? states[plugin] : undefined;
  for (const [plugin, persistence] of persistences) {
    const state = held(plugin);
    if (state !== undefined) persistence.restore(unpackNumbers(state));
  }
  await lifecycle.checkpointRestore.call({
    update,
    state: (plugin) => unpackNumbers(held(plugin) ?? null) ?? undefined,
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
  const states = new Map<string, JsonValue>();
  await lifecycle.checkpointSave.call({
    update,
    save: (plugin, state) => states.set(plugin, packNumbers(state)),
  });
  for (const [plugin, { save }] of persistences) states.set(plugin, packNumbers(save()));
  const plugins = Object.fromEntries(states);
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
