import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Trained } from '../../core/open/experiment.js';
import { evaluatedPrefix, stateOfMain } from '../../core/step/inference.js';
import { saveConfig } from '../../core/experiment/saved.js';
import { writeFileAtomic } from '../../core/run/atomic.js';
import { CheckpointStore } from '../../core/run/checkpoints.js';
import { makeFolders } from '../../core/run/folders.js';
import type { Manifest } from '../../core/run/manifest.js';
import { packNotEmpty } from '../errors/export.js';

/**
 * Writes a run that has nothing but what its main network needs, to use and to ship: no optimizer, no
 * discriminator, no logs, and no paths of the machine that it was trained on. It can be used as any
 * run (`denoise`, `export`, `openRun`), but not trained on.
 * @param directory empty, or not there
 * @returns bytes of the state
 */
export async function packRun(
  trained: Trained,
  manifest: Manifest,
  directory: string,
): Promise<number> {
  await makeFolders(directory);
  if ((await readdir(directory)).length > 0) throw packNotEmpty(directory);
  const { prepared, checkpoint } = trained;
  const { blueprint } = prepared.built;
  const prefix = evaluatedPrefix(blueprint.stateTransforms);
  const tensors = stateOfMain(checkpoint.tensors, blueprint.main, prefix);
  const store = new CheckpointStore(join(directory, 'checkpoints'));
  const { update, position, configuration } = checkpoint;
  const sealed = configuration === undefined ? {} : { configuration };
  await store.save({ update, position, ...sealed, plugins: {}, tensors, keep: true });
  const config = saveConfig(prepared.experiment);
  const values = config.values.map((value) =>
    value.path === 'data' ? { ...value, value: null } : value,
  );
  const { dataset } = manifest;
  const about: Manifest = {
    ...manifest,
    commandLine: [],
    environment: {},
    dataset: { ...dataset, source: dataset.name },
  };
  for (const [name, content] of Object.entries({
    config: { ...config, values },
    manifest: about,
  })) {
    const text = `${JSON.stringify(content, null, 2)}\n`;
    await writeFileAtomic(join(directory, `${name}.json`), text);
  }
  return [...tensors.values()].reduce((sum, { data }) => sum + data.byteLength, 0);
}
