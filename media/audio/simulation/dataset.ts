import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Dataset, Examples } from '../../../core/data/types.js';
import { RandomStreams } from '../../../core/random/streams.js';
import { clipSignals, readClip, type ClipHeader, type ClipSignal } from './clip-file.js';
import { sampleRate } from './clip.js';
import { ClipFactory } from './factory.js';
import { hashOfRecipe, ingredientsOf, type Place, type Recipe } from './recipe.js';

export interface SpeechOptions {
  readonly place: Place;
  /** Folder in which clips are kept. */
  readonly cache: string;
  /** Clips to train on, and to evaluate on. */
  readonly clips: number;
  readonly testClips: number;
  /** Split that evaluations use. */
  readonly evaluate: 'valid' | 'test';
  /** Seconds of a clip, and of the cuts that are trained on. */
  readonly seconds: number;
  readonly cutSeconds: number;
  readonly seed: number;
  readonly rooms: number;
  readonly limit?: Recipe['limit'];
  readonly report?: (message: string) => void;
}

/** Cuts of each clip, from random moments on. */
export const cutsPerClip = 16;

/** Samples in a hop of the networks' spectra: lengths are multiples of it. */
const hop = 256;

export const samplesIn = (seconds: number): number =>
  Math.floor((seconds * sampleRate) / hop) * hop;

/** Clips of one recipe, made when they are first asked for and kept. */
class Clips {
  private readonly making = new Map<number, Promise<void>>();

  constructor(
    private readonly recipe: Recipe,
    private readonly folder: string,
    private readonly factory: ClipFactory,
  ) {}

  async read(
    index: number,
    from: number,
    out: Readonly<Partial<Record<ClipSignal, Float32Array>>>,
  ): Promise<ClipHeader> {
    const path = join(this.folder, `${String(index).padStart(6, '0')}.clip`);
    const found = await readClip(path, from, out);
    if (found !== undefined) return found;
    const pending =
      this.making.get(index) ?? this.factory.make({ recipe: this.recipe, index, path });
    this.making.set(index, pending);
    await pending;
    this.making.delete(index);
    const made = await readClip(path, from, out);
    if (made === undefined) throw new Error(`${path} was written and cannot be read`);
    return made;
  }
}

/**
 * The simulated smart speaker as a data set. Signals [samples, 1] at 16 kHz: `microphone`,
 * `reference`, `target`, `cancelled` (the microphone behind the linear canceller), `echo`; and
 * `conditions` [2]: speech-to-echo ratio in dB, and 1 for music of the data set. Training examples are cuts, those of the
 * test split whole clips in the test layout.
 * @throws NcnError where the sounds cannot be had
 */
export async function speechDataset(name: string, options: SpeechOptions): Promise<Dataset> {
  const { place, seed, rooms, seconds, cutSeconds, clips, testClips } = options;
  const recipe = (split: Recipe['split'], layout: 'train' | 'test'): Recipe => ({
    place,
    split,
    seed,
    ...(options.limit === undefined || split !== 'train' ? {} : { limit: options.limit }),
    options: { seconds, layout, rooms, measured: 0.2 },
  });
  const factory = new ClipFactory(undefined, options.report);
  const recipes = [recipe('train', 'train'), recipe(options.evaluate, 'test')] as const;
  const [trainHash, testHash] = await Promise.all(recipes.map(hashOf));
  const open = async (of: Recipe, hash = ''): Promise<Clips> => {
    const folder = join(options.cache, hash.slice(0, 16));
    await mkdir(folder, { recursive: true });
    return new Clips(of, folder, factory);
  };
  const train = await open(recipes[0], trainHash);
  const test = await open(recipes[1], testHash);
  const whole = samplesIn(seconds);
  const cut = samplesIn(cutSeconds);
  const notice =
    place.kind === 'embedded'
      ? 'Trained on embedded synthetic sounds, not on recorded speech.'
      : undefined;
  return {
    name,
    source: place.kind === 'embedded' ? 'generated' : place.dir,
    hash: `${trainHash ?? ''}${testHash ?? ''}`.slice(0, 64),
    train: examplesOf(train, clips * cutsPerClip, cut, (index) => {
      const clip = Math.floor(index / cutsPerClip);
      const random = new RandomStreams(seed).at('cut', index);
      return [clip, random.below(whole - cut + 1)];
    }),
    test: examplesOf(test, testClips, whole, (index) => [index, 0]),
    ...(notice === undefined ? {} : { notice }),
    memory: factory.memory,
    close: () => factory.close(),
  };
}

const hashOf = async (recipe: Recipe): Promise<string> =>
  hashOfRecipe(recipe, await ingredientsOf(recipe));

function examplesOf(
  clips: Clips,
  count: number,
  samples: number,
  place: (index: number) => readonly [clip: number, from: number],
): Examples {
  return {
    count,
    signals: {
      ...Object.fromEntries(clipSignals.map((name) => [name, [samples, 1]])),
      conditions: [2],
    },
    async read(indexes, out) {
      for (const [i, index] of indexes.entries()) {
        const [clip, from] = place(index);
        const wanted: Partial<Record<ClipSignal, Float32Array>> = {};
        for (const name of clipSignals) {
          const to = out[name];
          if (to !== undefined) wanted[name] = to.subarray(i * samples, (i + 1) * samples);
        }
        const about = await clips.read(clip, from, wanted);
        out['conditions']?.set([about.speechToEcho, Number(about.recorded)], 2 * i);
      }
    },
  };
}
