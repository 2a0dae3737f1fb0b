import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, extname, join, relative } from 'node:path';
import { noSounds } from '../../errors/audio.js';
import { decodeAudio } from '../../sound/decode.js';
import { mean } from '../../sound/sound.js';
import { resample } from '../resample.js';
import { RecentSounds, type SoundSource } from './source.js';

const extensions = ['.wav', '.flac', '.ogg', '.oga', '.mp3'];
const rate = 16_000;

/** A file as one channel of 16 kHz. @throws NcnError where it is no sound, or a damaged one */
export async function readSound(path: string): Promise<Float32Array> {
  const { rate: own, channels } = await decodeAudio(await readFile(path), path);
  return Float32Array.from(resample(mean(channels), own, rate));
}

/**
 * A user's own sounds: every WAV, FLAC, Ogg Vorbis and MP3 file in a folder and below it. The folder
 * that a file lies in, below this one, is its speaker or piece; a file in this one is its own.
 * @throws NcnError where there is none
 */
export async function folderSource(folder: string, kind: string): Promise<SoundSource> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = entries
    .filter((entry) => entry.isFile() && extensions.includes(extname(entry.name).toLowerCase()))
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .sort();
  if (files.length === 0) throw noSounds(folder, kind);
  const recent = new RecentSounds();
  const group = (file: string): string => (dirname(file) === '.' ? file : dirname(file));
  return {
    name: kind,
    count: files.length,
    // By name: reading hours of sound to know whether they are the same would take too long.
    hash: createHash('sha256').update(files.join('\n')).digest('hex'),
    groupOf: (index) => group(files[index] ?? ''),
    read: (index) => recent.get(index, () => readSound(join(folder, files[index] ?? ''))),
  };
}
