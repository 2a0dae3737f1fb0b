import { soundCorrupt, soundEmpty, soundFormat, soundUnwritable } from '../errors/sounds.js';
import { aLaw, muLaw } from './g711.js';
import { checkedSound, checkLength, type SampleDepth, type Sound } from './sound.js';
import { wavFormat, type WavFormat } from './wav-format.js';

/**
 * Reads a WAV file: PCM of up to 32 bits, where the largest value of a sign is 1, floating point of
 * 32 or 64 bits, A-law or µ-law. Chunks that say other things are passed over; of data that is cut
 * short, what is there is taken, with a notice.
 * @param where a path, for messages
 * @throws NcnError (`NCN_SOUND_FORMAT`, `_CORRUPT`, `_EMPTY`, `_RATE`, `_NOT_FINITE`, `_TOO_LONG`)
 */
export function readWav(bytes: Uint8Array, where: string): Sound {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (tagAt(file, 0) !== 'RIFF' || tagAt(file, 8) !== 'WAVE') {
    throw soundFormat(where, 'it does not begin like a WAV file');
  }
  const { format, data, stated } = chunksOf(file, where);
  const frame = format.channels * format.bytes;
  const frames = Math.floor(data.length / frame);
  if (frames === 0) throw soundEmpty(where);
  checkLength(where, frames * format.channels);
  const read = readerOf(data, format);
  const channels = Array.from({ length: format.channels }, (_, c) => {
    const samples = new Float32Array(frames);
    for (let i = 0; i < frames; i++) samples[i] = read(i * frame + c * format.bytes);
    return samples;
  });
  const cut = stated !== undefined && stated > data.length;
  const rest = data.length % frame;
  const notice = cut
    ? `${where} is cut short: ${data.length} of ${stated} bytes of samples are there.`
    : rest > 0
      ? `${where} ends within a frame; its last ${rest} bytes are left out.`
      : undefined;
  return checkedSound(where, {
    rate: format.rate,
    channels,
    depth: depthOf(format),
    ...(notice === undefined ? {} : { notice }),
  });
}

/**
 * What is wrong with a WAV file as a file; undefined where it says what it holds, and holds it. Samples
 * carry no checksum: one that was changed cannot be told from any other.
 */
export function faultOfWav(bytes: Buffer): string | undefined {
  if (bytes.length === 0) return 'is empty';
  if (tagAt(bytes, 0) !== 'RIFF' || tagAt(bytes, 8) !== 'WAVE') return 'is no WAV file';
  try {
    const { format, data, stated = data.length } = chunksOf(bytes, 'it');
    if (data.length < stated) return 'is cut off';
    return data.length < format.channels * format.bytes ? 'has no samples' : undefined;
  } catch {
    return 'is damaged';
  }
}

const tagAt = (file: Buffer, at: number): string => file.toString('latin1', at, at + 4);

interface Chunks {
  readonly format: WavFormat;
  /** The samples that are there. */
  readonly data: Buffer;
  /** The bytes that are said to be; undefined where the writer did not know. */
  readonly stated: number | undefined;
}

/** Programs that write to a pipe never come to know the length, and state 0, or as much as 31 or 32 bits hold. */
const unknownLengths = [
  [0x7ffff000, 0x80000000],
  [0xfffff000, 0xffffffff],
] as const;

/** Whether a chunk of samples goes on to the end of the file, whatever its length says. */
function isEndless(file: Buffer, start: number, length: number): boolean {
  if (length > 0) {
    const unknown = unknownLengths.some(([from, to]) => length >= from && length <= to);
    return unknown && start + length > file.length;
  }
  return [0, 0xffffffff].includes(file.readUInt32LE(4)) || !isChunks(file, start);
}

/** Whether what follows are chunks, up to the end: names in ASCII, and lengths that fit. */
function isChunks(file: Buffer, start: number): boolean {
  let at = start;
  while (at + 8 <= file.length && /^[ -~]{4}$/.test(tagAt(file, at))) {
    at = afterChunk(at, file.readUInt32LE(at + 4));
  }
  // The last may lack the byte that makes it even.
  return at === file.length || at === file.length + 1;
}

/** Chunks begin at even places. */
const afterChunk = (at: number, length: number): number => at + 8 + length + (length % 2);

function chunksOf(file: Buffer, where: string): Chunks {
  let format: WavFormat | undefined;
  for (let at = 12; at + 8 <= file.length;) {
    const length = file.readUInt32LE(at + 4);
    const start = at + 8;
    const content = file.subarray(start, start + length);
    const tag = tagAt(file, at);
    if (tag === 'fmt ') format = wavFormat(content, where);
    if (tag === 'data') {
      if (format === undefined) {
        throw soundCorrupt(where, 'it has samples before it says of which kind');
      }
      return isEndless(file, start, length)
        ? { format, data: file.subarray(start), stated: undefined }
        : { format, data: content, stated: length };
    }
    at = afterChunk(at, length);
  }
  throw soundCorrupt(where, 'it ends before its samples');
}

const depthOf = ({ kind, bytes }: WavFormat): SampleDepth => {
  if (kind === 'float') return { bits: 32, float: true };
  return { bits: bytes === 4 ? 32 : bytes === 3 ? 24 : 16 };
};

/** Reads the sample that begins at a byte. */
function readerOf(data: Buffer, { kind, bytes }: WavFormat): (at: number) => number {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  if (kind === 'a-law') return (at) => aLaw[view.getUint8(at)] ?? 0;
  if (kind === 'µ-law') return (at) => muLaw[view.getUint8(at)] ?? 0;
  if (kind === 'float') {
    return bytes === 4 ? (at) => view.getFloat32(at, true) : (at) => view.getFloat64(at, true);
  }
  if (bytes === 1) return (at) => (view.getUint8(at) - 128) / 128;
  if (bytes === 2) return (at) => view.getInt16(at, true) / 2 ** 15;
  if (bytes === 3) {
    return (at) => (view.getUint16(at, true) + view.getInt8(at + 2) * 2 ** 16) / 2 ** 23;
  }
  return (at) => view.getInt32(at, true) / 2 ** 31;
}

/** `float`: exactly the numbers given. */
export type WavOptions = SampleDepth;

/**
 * A WAV file. PCM is rounded to the nearest value, and cut to [−1, 1 − 2^(1 − bits)].
 * @throws NcnError (`NCN_SOUND_WRITE`) where the channels differ in length, or a value is no number
 */
export function writeWav(
  channels: readonly ArrayLike<number>[],
  rate: number,
  { bits, float = false }: WavOptions,
): Buffer {
  if (float && bits !== 32) throw soundUnwritable(`floating point has 32 bits, not ${bits}`);
  const frames = channels[0]?.length ?? 0;
  if (channels.length === 0 || channels.length > 0xffff) {
    throw soundUnwritable(`there are ${channels.length} channels`);
  }
  if (channels.some(({ length }) => length !== frames)) {
    throw soundUnwritable(
      `the channels have ${channels.map(({ length }) => length).join(', ')} samples`,
    );
  }
  const bytes = bits / 8;
  const frame = channels.length * bytes;
  const size = frames * frame;
  if (size > 0xffffffff - 64) throw soundUnwritable(`they would take ${size} bytes`);
  const head = float ? 58 : 44;
  const file = Buffer.alloc(head + size + (size % 2));
  writeHead(file, { channels: channels.length, rate, bytes, float, frames, size });
  const scale = 2 ** (bits - 1);
  channels.forEach((samples, c) => {
    for (let i = 0; i < frames; i++) {
      const value = samples[i] ?? 0;
      if (!Number.isFinite(value)) throw soundUnwritable(`sample ${i} of channel ${c} is ${value}`);
      const at = head + i * frame + c * bytes;
      if (float) file.writeFloatLE(value, at);
      else {
        const level = Math.max(-scale, Math.min(scale - 1, Math.round(value * scale)));
        file.writeIntLE(level, at, bytes);
      }
    }
  });
  return file;
}

interface Head {
  readonly channels: number;
  readonly rate: number;
  readonly bytes: number;
  readonly float: boolean;
  readonly frames: number;
  readonly size: number;
}

function writeHead(file: Buffer, { channels, rate, bytes, float, frames, size }: Head): void {
  let at = 0;
  const tag = (name: string): void => void (at += file.write(name, at, 'latin1'));
  const word = (value: number): void => void (at = file.writeUInt16LE(value, at));
  const long = (value: number): void => void (at = file.writeUInt32LE(value, at));
  tag('RIFF');
  long(file.length - 8);
  tag('WAVEfmt ');
  long(float ? 18 : 16);
  word(float ? 3 : 1);
  word(channels);
  long(rate);
  long(rate * channels * bytes);
  word(channels * bytes);
  word(8 * bytes);
  if (float) {
    // What is not PCM has an extension, here an empty one, and tells how many frames there are.
    word(0);
    tag('fact');
    long(4);
    long(frames);
  }
  tag('data');
  long(size);
}
