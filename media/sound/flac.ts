import { soundUnwritable } from '../errors/sounds.js';
import { Bits, crc16, crc8 } from './flac-bits.js';
import { bestResidual, writeResidual } from './flac-residual.js';

/** Samples of a frame: at the most, and at the least. */
const [largest, smallest] = [4096, 64];

/** FFmpeg, by which Chromium plays, finds no place in a file of fewer than ten frames. */
const fewestFrames = 16;

/** The largest of the usual sizes that gives enough frames. */
function blockOf(length: number): number {
  let block = largest;
  while (block > smallest && length / block < fewestFrames) block /= 2;
  return block;
}

const depth = 16;

/**
 * Encodes one channel as FLAC of 16 bits (RFC 9639) with the format's fixed predictors: without loss
 * but for the rounding to 16 bits, in half the size of a WAV file, and browsers play it.
 * @param samples between −1 and 1; what is beyond is clipped
 * @param rate Hz
 * @throws NcnError (`NCN_SOUND_WRITE`) for no samples or a rate that is no whole number
 */
export function writeFlac(samples: ArrayLike<number>, rate: number): Buffer {
  const { length } = samples;
  if (length === 0 || !Number.isInteger(rate) || rate < 1 || rate >= 2 ** 20) {
    throw soundUnwritable(`${length} samples of ${rate} Hz`, 'FLAC');
  }
  const pcm = Int32Array.from(samples, (value) =>
    Math.max(-32_768, Math.min(32_767, Math.round(value * 32_768))),
  );
  const out = new Bits();
  for (const letter of Buffer.from('fLaC')) out.put(letter, 8);
  const block = blockOf(length);
  streamInfo(out, { length, rate, block });
  for (let at = 0, number = 0; at < length; at += block, number++) {
    frame(out, pcm.subarray(at, at + block), number, rate);
  }
  return out.bytes();
}

/** The only block of metadata, 8.2: what the whole stream is. */
function streamInfo(
  out: Bits,
  {
    length,
    rate,
    block,
  }: { readonly length: number; readonly rate: number; readonly block: number },
): void {
  out.put(1, 1); // the last block of metadata
  out.put(0, 7);
  out.put(34, 24);
  out.put(block, 16);
  out.put(block, 16);
  out.put(0, 24); // sizes of frames: not said
  out.put(0, 24);
  out.put(rate, 20);
  out.put(0, 3); // one channel
  out.put(depth - 1, 5);
  out.put(Math.floor(length / 2 ** 32), 4);
  out.put(length >>> 0, 32);
  for (let i = 0; i < 4; i++) out.put(0, 32); // MD5: not said
}

/** A frame, 9: header with its sum, one subframe, sum of all. */
function frame(out: Bits, pcm: Int32Array, number: number, rate: number): void {
  const [code, said] = rateOf(rate);
  const start = out.length;
  out.put(0b11111111111110, 14);
  out.put(0, 2); // reserved; frames of one size
  out.put(0b0111, 4); // the size follows in 16 bits
  out.put(code, 4);
  out.put(0, 4); // one channel
  out.put(0b100, 3); // 16 bits
  out.put(0, 1);
  codedNumber(out, number);
  out.put(pcm.length - 1, 16);
  if (said !== undefined) out.put(said, 16);
  out.put(crc8(out.from(start)), 8);
  subframe(out, pcm);
  out.align();
  out.put(crc16(out.from(start)), 16);
}

/** Rates above 16 bits that have a code of their own, 9.1.2. */
const codes = new Map([
  [88_200, 0b0001],
  [176_400, 0b0010],
  [192_000, 0b0011],
  [96_000, 0b1011],
]);

/**
 * The code of a rate, and the 16 bits that follow for it: Hz, or tens of Hz. Some decoders see frames alone, so each
 * says its rate where it can; else it is the stream's.
 */
function rateOf(rate: number): readonly [code: number, said?: number] {
  if (rate < 2 ** 16) return [0b1101, rate];
  const code = codes.get(rate);
  if (code !== undefined) return [code];
  return rate % 10 === 0 && rate / 10 < 2 ** 16 ? [0b1110, rate / 10] : [0];
}

/** As UTF-8 codes characters, 9.1.5. */
function codedNumber(out: Bits, value: number): void {
  if (value < 0x80) {
    out.put(value, 8);
    return;
  }
  let more = 1;
  while (value >= 2 ** (5 * more + 6)) more++;
  const part = (i: number): number => Math.floor(value / 64 ** i);
  out.put(((0xff << (7 - more)) & 0xff) | part(more), 8);
  for (let i = more - 1; i >= 0; i--) out.put(0x80 | (part(i) % 64), 8);
}

/** Silence, or what a fixed predictor leaves over, 9.2. */
function subframe(out: Bits, pcm: Int32Array): void {
  const first = pcm[0] ?? 0;
  out.put(0, 1);
  if (pcm.every((value) => value === first)) {
    out.put(0, 6);
    out.put(0, 1);
    out.put(first, depth);
    return;
  }
  const { order, residual } = bestResidual(pcm);
  out.put(8 + order, 6);
  out.put(0, 1);
  for (let n = 0; n < order; n++) out.put(pcm[n] ?? 0, depth);
  writeResidual(out, residual, order);
}
