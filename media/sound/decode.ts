import { soundFormat } from '../errors/sounds.js';
import { readFlac, readMp3, readVorbis } from './compressed.js';
import type { Sound } from './sound.js';
import { readWav } from './wav.js';

/**
 * Reads a sound; the format is told from its first bytes, not from a name.
 * @param where a path or an address, for messages
 * @throws NcnError (`NCN_SOUND_FORMAT`, `_CORRUPT`, `_EMPTY`, `_RATE`, `_NOT_FINITE`, `_TOO_LONG`)
 */
export async function decodeAudio(bytes: Uint8Array, where: string): Promise<Sound> {
  const start = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, 64));
  const has = (text: string, at = 0): boolean =>
    start.toString('latin1', at, at + text.length) === text;
  if (has('RIFF') && has('WAVE', 8)) return readWav(bytes, where);
  if (has('fLaC')) return readFlac(bytes, where);
  if (has('OggS')) {
    // The first packet follows the first page's header: 27 bytes and its table of one segment.
    if (has('\x01vorbis', 28)) return readVorbis(bytes, where);
    if (has('\x7fFLAC', 28)) return readFlac(bytes, where);
    throw soundFormat(
      where,
      has('OpusHead', 28) ? 'it is Ogg Opus' : 'its Ogg stream is not Vorbis or FLAC',
    );
  }
  if (has('ID3')) {
    const tagged = bytes.subarray(id3Length(start));
    return Buffer.from(tagged.subarray(0, 4)).toString('latin1') === 'fLaC'
      ? readFlac(tagged, where)
      : readMp3(tagged, where);
  }
  if (isMpegFrame(start)) return readMp3(bytes, where);
  const found = others.find(([text, at]) => has(text, at));
  const beginning = start.subarray(0, 8).toString('hex').replace(/../g, '$& ').trim();
  throw soundFormat(
    where,
    found !== undefined
      ? `it is ${found[2]}`
      : bytes.length === 0
        ? 'it is empty'
        : `it begins with ${beginning}`,
  );
}

/** Kinds that are told apart only for the message. */
const others = [
  ['RF64', 0, 'RF64, a WAV file above 4 GiB'],
  ['RIFX', 0, 'a big-endian WAV file'],
  ['RIFF', 0, 'a RIFF file, but not of sound'],
  ['FORM', 0, 'an AIFF file'],
  ['caff', 0, 'a CAF file'],
  ['.snd', 0, 'an AU file'],
  ['ftyp', 4, 'an MP4 file'],
] as const;

/** Bytes of an ID3v2 tag: ten, and a length of four times seven bits. */
function id3Length(start: Buffer): number {
  const size = [6, 7, 8, 9].reduce((sum, at) => sum * 128 + ((start[at] ?? 0) & 127), 0);
  return 10 + size;
}

/** Whether an MPEG audio frame (ISO 11172-3, 2.4.1.3) of layer III or II begins here. */
function isMpegFrame(start: Buffer): boolean {
  if (start.length < 4) return false;
  const [first = 0, second = 0, third = 0] = start;
  const synchronised = first === 0xff && (second & 0xe0) === 0xe0;
  const version = (second >> 3) & 3;
  const layer = (second >> 1) & 3;
  const [bitrate, rate] = [third >> 4, (third >> 2) & 3];
  return (
    synchronised && version !== 1 && (layer === 1 || layer === 2) && bitrate !== 15 && rate !== 3
  );
}
