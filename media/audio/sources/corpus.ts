import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { fileMissing, fileUnreadable, hashMismatch } from '../../errors/data.js';
import { noSounds } from '../../errors/audio.js';
import { decodeAudio } from '../../sound/decode.js';
import { mean } from '../../sound/sound.js';
import { resample } from '../resample.js';
import { RecentSounds, type SoundSource } from './source.js';

const rate = 16_000;

const filesSchema = z.array(
  z.object({
    file: z.string(),
    sha256: z.string(),
    speaker: z.string().optional(),
  }),
);
const splitsSchema = z.record(z.string(), z.record(z.string(), z.array(z.string())));

/**
 * One kind of sound of one split of the published corpus, whose files are checked by SHA-256 when
 * they are read.
 * @param dir folder of files.json and splits.json
 * @param kind `speech`, `music`, `noise` or `rir`
 * @throws NcnError where there is none, or a file is missing or another
 */
export async function corpusSource(dir: string, kind: string, split: string): Promise<SoundSource> {
  const files = await read(join(dir, 'files.json'), filesSchema);
  const splits = await read(join(dir, 'splits.json'), splitsSchema);
  const names = splits[kind]?.[split] ?? [];
  if (names.length === 0) throw noSounds(`${dir} (${split})`, kind);
  const about = new Map(files.map((file) => [file.file, file]));
  const recent = new RecentSounds();
  const hash = createHash('sha256');
  for (const name of names) hash.update(`${name} ${about.get(name)?.sha256 ?? ''}\n`);
  const soundOf = async (name: string): Promise<Float32Array> => {
    const path = join(dir, name);
    const bytes = await readFile(path).catch(() => undefined);
    if (bytes === undefined) throw fileMissing(path, 'a sound of the corpus');
    const expected = about.get(name)?.sha256;
    const found = createHash('sha256').update(bytes).digest('hex');
    if (expected !== undefined && expected !== found) throw hashMismatch(path, expected, found);
    const { rate: own, channels } = await decodeAudio(bytes, path);
    return Float32Array.from(resample(mean(channels), own, rate));
  };
  return {
    name: kind,
    count: names.length,
    hash: hash.digest('hex'),
    groupOf: (index) => {
      const name = names[index] ?? '';
      return kind === 'speech' ? (about.get(name)?.speaker ?? speakerOf(name)) : name;
    },
    read: (index) => recent.get(index, () => soundOf(names[index] ?? '')),
  };
}

/** LibriSpeech names its files by speaker first. */
const speakerOf = (name: string): string => basename(name).split('-')[0] ?? name;

/** @throws NcnError where it cannot be read, or holds something else */
async function read<T>(path: string, schema: z.ZodType<T>): Promise<T> {
  try {
    return schema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch (cause) {
    throw fileUnreadable(path, cause);
  }
}
