import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { DatasetProvider, DatasetRequest } from '../../../core/data/types.js';
import { blankExamples } from '../../../core/data/examples.js';
import { argumentOf, dataContext, givenPlace, type DataContext } from '../../files/places.js';
import { noSpeech } from '../../errors/audio.js';
import { clipSignals } from './clip-file.js';
import { cutsPerClip, samplesIn, speechDataset, type SpeechOptions } from './dataset.js';
import type { Place } from './recipe.js';

export type SpeechDataOptions = Omit<SpeechOptions, 'place' | 'cache' | 'report'>;

/**
 * The data set `speech`: the published corpus where it is found (`--data DIR`, NCN_DATA, the user's
 * cache), else the embedded sounds, with a notice; `speech:embedded`; or `speech:DIR`, a user's own
 * folders of sounds, or the corpus.
 */
export function speechProvider(
  options: SpeechDataOptions,
  context: DataContext = dataContext(),
): DatasetProvider {
  const { cutSeconds, seconds, clips, testClips } = options;
  const signals = (length: number) => ({
    ...Object.fromEntries(clipSignals.map((name) => [name, [length, 1]])),
    conditions: [2],
  });
  return {
    name: 'speech',
    summary:
      'a simulated smart speaker: speech, music and noise in rooms; embedded sounds where the corpus is not to be had',
    load: async (request) =>
      speechDataset(request.name.replace(/^auto(?=:|$)/, 'speech'), {
        ...options,
        place: findPlace(request, context),
        cache: join(context.cache, 'clips'),
        ...(request.report === undefined ? {} : { report: request.report }),
      }),
    outline: () => ({
      name: 'speech',
      source: 'not loaded',
      hash: '',
      train: blankExamples(clips * cutsPerClip, signals(samplesIn(cutSeconds))),
      test: blankExamples(testClips, signals(samplesIn(seconds))),
    }),
  };
}

/** @throws NcnError where a folder that was named has no sounds */
function findPlace(request: DatasetRequest, { env, cache }: DataContext): Place {
  if (argumentOf(request) === 'embedded') return { kind: 'embedded' };
  const named = givenPlace(request);
  if (named !== undefined) {
    const place = placeIn(resolve(named));
    if (place === undefined) throw noSpeech(resolve(named));
    return place;
  }
  const own = env['NCN_DATA'];
  const places = [...(own === undefined || own === '' ? [] : [own]), cache];
  for (const folder of places) {
    const place = placeIn(resolve(folder)) ?? placeIn(resolve(folder, 'speech'));
    if (place?.kind === 'corpus') return place;
  }
  return { kind: 'embedded' };
}

function placeIn(dir: string): Place | undefined {
  if (existsSync(join(dir, 'files.json')) && existsSync(join(dir, 'splits.json'))) {
    return { kind: 'corpus', dir };
  }
  const kinds = ['speech', 'music', 'noise'];
  return kinds.every((kind) => existsSync(join(dir, kind))) ? { kind: 'folders', dir } : undefined;
}
