import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { synthesizeMusic } from '../synthesis/music.js';
import { synthesizeNoise } from '../synthesis/noise.js';
import { corpusSource } from '../sources/corpus.js';
import { embeddedSource } from '../sources/embedded.js';
import { folderSource, type FolderKind } from '../sources/folder.js';
import { itemAt, type SoundSource } from '../sources/source.js';
import type { ClipOptions, Ingredients } from './clip.js';

/** Version of the simulation: another makes other clips. */
const version = 3;

/** Where the sounds come from. */
export type Place =
  | { readonly kind: 'embedded' }
  /** The published corpus: files.json and splits.json. */
  | { readonly kind: 'corpus'; readonly dir: string }
  /** A user's own: folders `speech`, `music`, `noise` and perhaps `rooms`. */
  | { readonly kind: 'folders'; readonly dir: string };

/** All that the clips of one split depend on; plain data, so that a worker can be given it. */
export interface Recipe {
  readonly place: Place;
  readonly split: 'train' | 'valid' | 'test';
  readonly seed: number;
  /** Of the training split, only this many speakers and pieces. */
  readonly limit?: { readonly speakers: number; readonly pieces: number };
  readonly options: ClipOptions;
}

/** Hears what is wrong with a file of sound that can be read all the same. */
type Report = (notice: string) => void;

/** The sounds of a recipe. @throws NcnError where they cannot be had */
export async function ingredientsOf(recipe: Recipe, report?: Report): Promise<Ingredients> {
  const all = await allIngredients(recipe, report);
  if (recipe.limit === undefined) return all;
  const { speakers, pieces } = recipe.limit;
  return {
    ...all,
    speech: firstGroups(all.speech, speakers),
    music: firstGroups(all.music, pieces),
  };
}

/** The sounds of the first groups, in order. */
function firstGroups(sounds: SoundSource, groups: number): SoundSource {
  const known = new Set<string>();
  const kept: number[] = [];
  for (let i = 0; i < sounds.count; i++) {
    const group = sounds.groupOf(i);
    if (known.size < groups) known.add(group);
    if (known.has(group)) kept.push(i);
  }
  const name = `the first ${groups} of ${sounds.name}`;
  const within = (index: number): number => itemAt(name, kept, index);
  return {
    name,
    count: kept.length,
    hash: createHash('sha256').update(`${sounds.hash}\n${kept.join()}`).digest('hex'),
    groupOf: (index) => sounds.groupOf(within(index)),
    read: async (index) => sounds.read(within(index)),
  };
}

async function allIngredients(
  { place, split }: Recipe,
  report: Report = () => undefined,
): Promise<Ingredients> {
  if (place.kind === 'embedded') {
    return {
      speech: embeddedSource('speech', split),
      music: embeddedSource('music', split),
      noise: embeddedSource('noise', split),
    };
  }
  if (place.kind === 'folders') {
    const of = (kind: FolderKind): Promise<SoundSource> =>
      folderSource(join(place.dir, kind), kind, { split, report });
    const rooms = existsSync(join(place.dir, 'rooms')) ? await of('rooms') : undefined;
    return {
      speech: await of('speech'),
      music: await of('music'),
      noise: await of('noise'),
      ...(rooms === undefined ? {} : { rooms }),
    };
  }
  // Validation has speakers of its own, but no pieces and noises.
  const others = split === 'valid' ? 'train' : split;
  const rooms = split === 'test' ? await corpusSource(place.dir, 'rir', split) : undefined;
  return {
    speech: await corpusSource(place.dir, 'speech', split),
    music: await corpusSource(place.dir, 'music', others),
    noise: await corpusSource(place.dir, 'noise', others),
    ...(rooms === undefined ? {} : { rooms }),
    procedural: synthesizeMusic,
    proceduralNoise: synthesizeNoise,
  };
}

/** SHA-256 (hex) over the recipe and what the sounds are: names the clips. */
export function hashOfRecipe(recipe: Recipe, sounds: Ingredients): string {
  const { place, split, seed, options, limit = null } = recipe;
  const hashes = [sounds.speech, sounds.music, sounds.noise, sounds.rooms].map(
    (source) => source?.hash ?? null,
  );
  const about = JSON.stringify([version, place.kind, split, seed, options, limit, hashes]);
  return createHash('sha256').update(about).digest('hex');
}
