import { messageOf, NcnError } from '../../core/errors/error.js';
import { soundCorrupt } from '../errors/sounds.js';
import { checkedSound, checkLength, checkRate, type SampleDepth, type Sound } from './sound.js';

/** What the decoders (WebAssembly, none of them native) give for a piece of a file. */
interface Piece {
  readonly channelData: readonly Float32Array[];
  readonly samplesDecoded: number;
  readonly sampleRate: number;
  readonly errors: readonly { readonly message: string }[];
}

interface Decoder {
  readonly ready: Promise<void>;
  readonly decode: (bytes: Uint8Array) => Promise<Piece> | Piece;
  /** What waited for more bytes. */
  readonly flush?: () => Promise<Piece>;
  readonly free: () => void;
}

/**
 * Files are decoded in pieces of so many bytes: a small one may hold hours of silence, and how much
 * comes out is known only then.
 */
const pieceBytes = 16_384;

/** Reads FLAC, also in Ogg. @throws NcnError as decodeAudio does */
export async function readFlac(bytes: Uint8Array, where: string): Promise<Sound> {
  const stated = statedByFlac(bytes);
  if (stated !== undefined) {
    checkRate(where, stated.rate);
    checkLength(where, stated.samples * stated.channels);
  }
  const { FLACDecoder } = await import('@wasm-audio-decoders/flac');
  const depth: SampleDepth = { bits: (stated?.bits ?? 16) <= 16 ? 16 : 24 };
  const sound = { ...(await decodeWith(new FLACDecoder(), bytes, where)), depth };
  const samples = sound.channels[0]?.length ?? 0;
  if (stated === undefined || stated.samples === 0 || stated.samples <= samples) return sound;
  return {
    ...sound,
    notice: `${where} is damaged or cut short: ${samples} of ${stated.samples} samples are there.`,
  };
}

/** What the block STREAMINFO says (RFC 9639, 8.2), which comes first; undefined in Ogg. */
function statedByFlac(
  bytes: Uint8Array,
): { rate: number; channels: number; bits: number; samples: number } | undefined {
  if (bytes.length < 26 || bytes[0] !== 0x66) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset + 18, 8);
  const packed = view.getUint32(0);
  return {
    rate: packed >>> 12,
    channels: ((packed >>> 9) & 7) + 1,
    bits: ((packed >>> 4) & 31) + 1,
    samples: (packed & 15) * 2 ** 32 + view.getUint32(4),
  };
}

/** Reads Ogg Vorbis. @throws NcnError as decodeAudio does */
export async function readVorbis(bytes: Uint8Array, where: string): Promise<Sound> {
  const { OggVorbisDecoder } = await import('@wasm-audio-decoders/ogg-vorbis');
  return decodeWith(new OggVorbisDecoder(), bytes, where);
}

/** Reads MPEG audio, layer III or II, always two channels. @throws NcnError as decodeAudio does */
export async function readMp3(bytes: Uint8Array, where: string): Promise<Sound> {
  const { MPEGDecoder } = await import('mpg123-decoder');
  return decodeWith(new MPEGDecoder(), bytes, where);
}

async function decodeWith(decoder: Decoder, bytes: Uint8Array, where: string): Promise<Sound> {
  await decoder.ready;
  try {
    return checkedSound(where, await piecesOf(decoder, bytes, where));
  } catch (error) {
    throw error instanceof NcnError ? error : soundCorrupt(where, messageOf(error), error);
  } finally {
    decoder.free();
  }
}

async function piecesOf(decoder: Decoder, bytes: Uint8Array, where: string): Promise<Sound> {
  const pieces: Piece[] = [];
  let samples = 0;
  const take = (piece: Piece): void => {
    const [problem] = piece.errors;
    if (problem !== undefined) throw soundCorrupt(where, problem.message.replace(/\.$/, ''));
    // Without samples, what the piece says of rate and channels means nothing.
    if (piece.samplesDecoded === 0) return;
    const [first = piece] = pieces;
    if (
      piece.sampleRate !== first.sampleRate ||
      piece.channelData.length !== first.channelData.length
    ) {
      throw soundCorrupt(where, 'its rate or number of channels changes on the way');
    }
    samples += piece.samplesDecoded;
    checkLength(where, samples * piece.channelData.length);
    pieces.push(piece);
  };
  for (let at = 0; at < bytes.length; at += pieceBytes) {
    take(await decoder.decode(bytes.subarray(at, at + pieceBytes)));
  }
  const rest = await decoder.flush?.();
  if (rest !== undefined) take(rest);
  const [known] = pieces;
  if (known === undefined) throw soundCorrupt(where, 'nothing in it can be decoded');
  const channels = known.channelData.map((_, c) => {
    const joined = new Float32Array(samples);
    let at = 0;
    for (const { channelData, samplesDecoded } of pieces) {
      joined.set(channelData[c]?.subarray(0, samplesDecoded) ?? [], at);
      at += samplesDecoded;
    }
    return joined;
  });
  return { rate: known.sampleRate, channels };
}
