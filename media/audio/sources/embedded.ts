import { RandomStreams } from '../../../core/random/streams.js';
import { synthesizeMusic } from '../synthesis/music.js';
import { synthesizeNoise } from '../synthesis/noise.js';
import { synthesizeSpeech } from '../synthesis/speech.js';
import { RecentSounds, type SoundKind, type SoundSource } from './source.js';

/** Another version of the sounds has another number. */
const version = 1;
const seconds = 12;

/** Sounds of a split, and speakers among those of speech; each split has speakers of its own. */
const sizes = {
  train: { count: 200, speakers: 50, first: 0 },
  valid: { count: 40, speakers: 10, first: 1000 },
  test: { count: 60, speakers: 6, first: 2000 },
} as const;

/**
 * Sounds that are made when they are asked for, the same for the same index: formant speech, music
 * and noise, for a machine without files or network. They are not recorded speech, and what is
 * trained on them must say so.
 */
export function embeddedSource(kind: SoundKind, split: keyof typeof sizes): SoundSource {
  const { count, speakers, first } = sizes[split];
  const streams = new RandomStreams(version);
  const recent = new RecentSounds();
  const speakerOf = (index: number): number => first + (index % speakers);
  const make = (index: number): Float32Array => {
    const random = streams.at(`embedded/${kind}/${split}`, index);
    if (kind === 'speech') return synthesizeSpeech(random, seconds, speakerOf(index));
    return kind === 'music' ? synthesizeMusic(random, seconds) : synthesizeNoise(random, seconds);
  };
  return {
    name: kind,
    count,
    hash: `embedded ${version} ${kind} ${split}`,
    groupOf: (index) => (kind === 'speech' ? String(speakerOf(index)) : String(index)),
    read: (index) => recent.get(index, () => Promise.resolve(make(index))),
  };
}
