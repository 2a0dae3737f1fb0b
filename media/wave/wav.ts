import { notWave, waveCorrupt } from '../errors/wave.js';

/** Sound as numbers, mostly between -1 and 1. */
export interface Wave {
  /** Values a second. */
  readonly sampleRate: number;
  readonly samples: Float32Array;
}

/** A chunk `fmt `: how samples are stored. */
interface Format {
  readonly channels: number;
  readonly sampleRate: number;
  /** Of one sample of one channel. */
  readonly bytes: number;
  readonly isFloat: boolean;
}

const [pcm, float, extensible] = [1, 3, 0xfffe];

/**
 * Reads a WAV file (RIFF; Microsoft, "Multiple channel audio data and WAVE files"): PCM of 8, 16, 24
 * or 32 bits, where the largest value of a sign is 1, or floating point of 32 or 64 bits.
 * @returns the mean of its channels
 * @throws NcnError where it is another kind of file, or does not hold what it says
 */
export function readWav(file: Uint8Array, where: string): Wave {
  const bytes = Buffer.from(file.buffer, file.byteOffset, file.byteLength);
  const { format, data } = chunksOf(bytes, where);
  const { channels, sampleRate, bytes: size } = format;
  const frame = channels * size;
  if (data.length % frame !== 0) {
    throw waveCorrupt(where, `its ${data.length} bytes of data end within a frame of ${frame}`);
  }
  const read = readerOf(data, format);
  const samples = Float32Array.from({ length: data.length / frame }, (_, i) => {
    let sum = read(i * frame);
    for (let c = 1; c < channels; c++) sum += read(i * frame + c * size);
    return sum / channels;
  });
  return { sampleRate, samples };
}

/** A WAV file of one channel, in floating point of 32 bits: exactly the numbers given. */
export function writeWav({ sampleRate, samples }: Wave): Buffer {
  const file = Buffer.alloc(58 + samples.length * 4);
  const tag = (at: number, name: string, value: number): void => {
    file.write(name, at, 'latin1');
    file.writeUInt32LE(value, at + 4);
  };
  tag(0, 'RIFF', file.length - 8);
  file.write('WAVE', 8, 'latin1');
  tag(12, 'fmt ', 18);
  file.writeUInt16LE(float, 20);
  file.writeUInt16LE(1, 22);
  file.writeUInt32LE(sampleRate, 24);
  file.writeUInt32LE(sampleRate * 4, 28);
  file.writeUInt16LE(4, 32);
  file.writeUInt16LE(32, 34);
  // What is not PCM tells how many frames there are.
  tag(38, 'fact', 4);
  file.writeUInt32LE(samples.length, 46);
  tag(50, 'data', samples.length * 4);
  samples.forEach((value, i) => file.writeFloatLE(value, 58 + i * 4));
  return file;
}

function chunksOf(bytes: Buffer, where: string): { format: Format; data: Buffer } {
  const name = (at: number): string => bytes.toString('latin1', at, at + 4);
  if (name(0) !== 'RIFF' || name(8) !== 'WAVE') throw notWave(where, 'it does not begin like one');
  let format: Format | undefined;
  for (let at = 12; at + 8 <= bytes.length;) {
    const length = bytes.readUInt32LE(at + 4);
    const [start, end] = [at + 8, at + 8 + length];
    if (end > bytes.length) {
      const left = bytes.length - start;
      throw waveCorrupt(
        where,
        `its part '${name(at)}' has ${length} bytes, of which ${left} are there`,
      );
    }
    const content = bytes.subarray(start, end);
    if (name(at) === 'fmt ') format = formatOf(content, where);
    if (name(at) === 'data') {
      if (format === undefined)
        throw waveCorrupt(where, 'it has data before it says of which kind');
      return { format, data: content };
    }
    // Parts begin at even places.
    at = end + (length % 2);
  }
  throw waveCorrupt(where, 'it ends before its data');
}

function formatOf(chunk: Buffer, where: string): Format {
  if (chunk.length < 16) throw waveCorrupt(where, `its part 'fmt ' has ${chunk.length} bytes`);
  const [stated, channels] = [chunk.readUInt16LE(0), chunk.readUInt16LE(2)];
  const [sampleRate, frame, bits] = [
    chunk.readUInt32LE(4),
    chunk.readUInt16LE(12),
    chunk.readUInt16LE(14),
  ];
  // Of an extensible one the kind comes later.
  const kind = stated === extensible && chunk.length >= 26 ? chunk.readUInt16LE(24) : stated;
  const isKnown =
    (kind === pcm && [8, 16, 24, 32].includes(bits)) || (kind === float && [32, 64].includes(bits));
  if (!isKnown) throw notWave(where, `it is of kind ${kind} with ${bits} bits`);
  if (channels === 0 || sampleRate === 0 || frame !== (channels * bits) / 8) {
    throw waveCorrupt(
      where,
      `it has ${channels} channels of ${bits} bits at ${sampleRate} Hz, in frames of ${frame} bytes`,
    );
  }
  return { channels, sampleRate, bytes: bits / 8, isFloat: kind === float };
}

function readerOf(data: Buffer, { bytes, isFloat }: Format): (at: number) => number {
  if (isFloat) return bytes === 4 ? (at) => data.readFloatLE(at) : (at) => data.readDoubleLE(at);
  if (bytes === 1) return (at) => (data.readUInt8(at) - 128) / 128;
  const peak = 2 ** (8 * bytes - 1);
  return (at) => data.readIntLE(at, bytes) / peak;
}
