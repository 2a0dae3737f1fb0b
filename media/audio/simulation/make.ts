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

/** Makes a clip and writes it; the sounds stay open for the next one. */
export async function makeAndWrite({ recipe, index, path }: ClipJob): Promise<void> {
  const key = JSON.stringify([recipe.place, recipe.split, recipe.limit]);
  const sounds = known.get(key) ?? ingredientsOf(recipe);
  known.set(key, sounds);
  const streams = new RandomStreams(recipe.seed);
  const clip = await makeClip(streams, recipe.split, index, await sounds, recipe.options);
  await writeClip(path, clip);
}
