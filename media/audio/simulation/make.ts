import { RandomStreams } from '../../../core/random/streams.js';
import { makeClip, type Ingredients } from './clip.js';
import { writeClip } from './clip-file.js';
import { ingredientsOf, type Recipe } from './recipe.js';

export interface ClipJob {
  readonly recipe: Recipe;
  readonly index: number;
  /** Where the clip is put. */
  readonly path: string;
}

const known = new Map<string, Promise<Ingredients>>();

/** Told of sounds that were read, and not handed on yet. */
const notices: string[] = [];

/**
 * Makes a clip and writes it; the sounds stay open for the next one. One at a time.
 * @returns what is wrong with sounds that were read for it all the same
 */
export async function makeAndWrite({ recipe, index, path }: ClipJob): Promise<string[]> {
  const key = JSON.stringify([recipe.place, recipe.split, recipe.limit]);
  const sounds = known.get(key) ?? ingredientsOf(recipe, (notice) => notices.push(notice));
  known.set(key, sounds);
  const streams = new RandomStreams(recipe.seed);
  const clip = await makeClip(streams, recipe.split, index, await sounds, recipe.options);
  await writeClip(path, clip);
  return notices.splice(0);
}
