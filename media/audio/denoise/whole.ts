/** Signals of one length: microphone, reference and the microphone behind the canceller. */
export interface WholeSignals {
  readonly input: Float32Array;
  readonly reference: Float32Array;
  readonly cancelled: Float32Array;
}

/** A network that looks ahead: takes {@link pieceSamples} of each signal and gives as many. */
export type WholeNetwork = (piece: WholeSignals) => Promise<Float32Array>;

/** 9.984 s at 16 kHz: what such networks are evaluated on, a multiple of all their strides. */
export const pieceSamples = 624 * 256;

/** Two seconds that two pieces share. In the middle half one fades into the other: before and behind it both know enough. */
const shared = 32_768;
const fade = shared / 2;

/**
 * A recording of any length through a network that cannot run block by block: in pieces of one length, so that it is
 * compiled once, with silence behind the last.
 * @returns as many samples as the signals have
 */
export async function inPieces(
  network: WholeNetwork,
  { input, reference, cancelled }: WholeSignals,
): Promise<Float32Array> {
  const { length } = input;
  const out = new Float32Array(length);
  const hop = pieceSamples - shared;
  for (let at = 0; at === 0 || at + shared < length; at += hop) {
    const cut = (signal: Float32Array): Float32Array => {
      const piece = new Float32Array(pieceSamples);
      piece.set(signal.subarray(at, at + pieceSamples));
      return piece;
    };
    const part = await network({
      input: cut(input),
      reference: cut(reference),
      cancelled: cut(cancelled),
    });
    const end = Math.min(pieceSamples, length - at);
    for (let n = 0; n < end; n++) {
      const weight = at === 0 ? 1 : Math.max(0, Math.min(1, (n - (shared - fade) / 2) / fade));
      out[at + n] = (1 - weight) * (out[at + n] ?? 0) + weight * (part[n] ?? 0);
    }
  }
  return out;
}
