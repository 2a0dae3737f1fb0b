import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Trained } from '../../core/open/experiment.js';
import { evaluatedPrefix, stateOfMain } from '../../core/step/inference.js';
import { isPath } from '../../core/experiment/places.js';
import { saveConfig, type SavedConfig } from '../../core/experiment/saved.js';
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
  const config = withoutPlaces(saveConfig(prepared.experiment, trained.directory.path));
  const { dataset } = manifest;
  const name = withoutFolder(dataset.name);
  const about: Manifest = {
    ...manifest,
    commandLine: [],
    environment: {},
    dataset: { ...dataset, name, source: name },
  };
  for (const [name, content] of Object.entries({
    config,
    manifest: about,
  })) {
    const text = `${JSON.stringify(content, null, 2)}\n`;
    await writeFileAtomic(join(directory, `${name}.json`), text);
  }
  return [...tensors.values()].reduce((sum, { data }) => sum + data.byteLength, 0);
}

/** A data set's name without the folder in it: `idx:` of `idx:/data/letters`, `speech:embedded` as it is. */
function withoutFolder(dataset: string): string {
  const [, kind = '', argument = ''] = /^([^:]+:)(.+)$/.exec(dataset) ?? [];
  return /[\\/]/.test(argument) || existsSync(argument) ? kind : dataset;
}

/** The configuration with no place of this machine in it: of a file that an option names, its name and content stay. */
function withoutPlaces(config: SavedConfig): SavedConfig {
  const values = config.values.map((entry) => {
    const { path, value } = entry;
    if (path === 'data') return { ...entry, value: null };
    if (typeof value !== 'string') return entry;
    if (path === 'dataset') return { ...entry, value: withoutFolder(value) };
    return isPath(entry) ? { ...entry, value: basename(value) } : entry;
  });
  const places = Object.entries(config.places).flatMap(([path, { absolute, sha256 }]) => {
    if (sha256 === undefined) return [];
    const name = basename(absolute);
    return [[path, { absolute: name, relative: name, sha256 }] as const];
  });
  const plugins = config.plugins.map(({ name, version, spec }) => ({ name, version, spec }));
  return { ...config, values, plugins, places: Object.fromEntries(places) };
}
