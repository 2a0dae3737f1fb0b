import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { synthesizeMusic } from '../synthesis/music.js';
import { corpusSource } from '../sources/corpus.js';
import { embeddedSource } from '../sources/embedded.js';
import { folderSource } from '../sources/folder.js';
import type { ClipOptions, Ingredients, Sounds } from './clip.js';

/** Version of the simulation: another makes other clips. */
const version = 1;

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

/** The sounds of a recipe. @throws NcnError where they cannot be had */
export async function ingredientsOf(recipe: Recipe): Promise<Ingredients> {
  const all = await allIngredients(recipe);
  if (recipe.limit === undefined) return all;
  const { speakers, pieces } = recipe.limit;
  return {
    ...all,
    speech: firstGroups(all.speech, speakers),
    music: firstGroups(all.music, pieces),
  };
}

/** The sounds of the first groups, in order. */
function firstGroups(sounds: Sounds, groups: number): Sounds {
  const known = new Set<string>();
  const kept: number[] = [];
  for (let i = 0; i < sounds.count; i++) {
    const group = sounds.groupOf(i);
    if (known.size < groups) known.add(group);
    if (known.has(group)) kept.push(i);
  }
  return {
    count: kept.length,
    groupOf: (i) => sounds.groupOf(kept[i] ?? 0),
    read: (i) => sounds.read(kept[i] ?? 0),
  };
}

async function allIngredients({ place, split }: Recipe): Promise<Ingredients> {
  if (place.kind === 'embedded') {
    return {
      speech: embeddedSource('speech', split),
      music: embeddedSource('music', split),
      noise: embeddedSource('noise', split),
    };
  }
  if (place.kind === 'folders') {
    return {
      speech: await folderSource(join(place.dir, 'speech'), 'speech'),
      music: await folderSource(join(place.dir, 'music'), 'music'),
      noise: await folderSource(join(place.dir, 'noise'), 'noise'),
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
  };
}

/** SHA-256 (hex) over the recipe and what the sounds are: names the clips. */
export function hashOfRecipe(recipe: Recipe, sounds: readonly string[]): string {
  const { place, split, seed, options, limit = null } = recipe;
  const about = JSON.stringify([version, place.kind, split, seed, options, limit, sounds]);
  return createHash('sha256').update(about).digest('hex');
}
