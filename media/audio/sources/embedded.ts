import { createHash } from 'node:crypto';
import { RandomStreams, type RandomSequence } from '../../../core/random/streams.js';
import { soundIndex } from '../../errors/sources.js';
import { between } from '../synthesis/draw.js';
import { synthesizeMusic } from '../synthesis/music.js';
import { synthesizeNoise } from '../synthesis/noise.js';
import { synthesizeSpeech } from '../synthesis/speech.js';
import type { SoundKind, SoundSource, Split } from './source.js';

/** Version of the synthesis: another makes other sounds. */
const version = 1;

/** Of each split: its first speaker, and how many there are; how many pieces and noises. */
const sizes: Readonly<Record<Split, { first: number; speakers: number; others: number }>> = {
  train: { first: 0, speakers: 240, others: 400 },
  valid: { first: 240, speakers: 20, others: 40 },
  test: { first: 260, speakers: 20, others: 40 },
};

/** Utterances of each speaker. */
const utterances = 8;

/** All embedded sounds come from this seed, whatever the seed of an experiment. */
const streams = new RandomStreams(20_161_101);

/**
 * Sounds that need no file, made when they are read: utterances of 4 to 10 s, music of 12 s, noise of
 * 10 s. The splits have different speakers, pieces and noises. Tables made from them must say so:
 * docs/speech-data.md.
 */
export function embeddedSource(kind: SoundKind, split: Split): SoundSource {
  const { first, speakers, others } = sizes[split];
  const name = `embedded ${kind} (${split})`;
  const count = kind === 'speech' ? speakers * utterances : others;
  const speakerOf = (index: number): number => first + (index % speakers);
  const make = (random: RandomSequence, index: number): Float32Array => {
    if (kind === 'music') return synthesizeMusic(random, 12);
    if (kind === 'noise') return synthesizeNoise(random, 10);
    return synthesizeSpeech(random, between(random, 4, 10), speakerOf(index));
  };
  return {
    name,
    count,
    hash: createHash('sha256').update(`${name}, version ${version}`).digest('hex'),
    groupOf: (index) =>
      kind === 'speech'
        ? `embedded speaker ${speakerOf(index)}`
        : `embedded ${kind} ${split} ${index}`,
    read(index) {
      if (!Number.isInteger(index) || index < 0 || index >= count) {
        return Promise.reject(soundIndex(name, index, count));
      }
      return Promise.resolve(make(streams.at(`embedded/${split}/${kind}`, index), index));
    },
  };
}
