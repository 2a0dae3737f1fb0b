import { open } from 'node:fs/promises';
import { writeFileAtomic } from '../../../core/run/atomic.js';
import type { Clip } from './clip.js';

/** The signals of a clip in a file, in this order, each 16 bits a sample, after a header of floats. */
export const clipSignals = ['microphone', 'reference', 'target', 'cancelled', 'echo'] as const;

export type ClipSignal = (typeof clipSignals)[number];

/** Bytes of the header: four numbers (length, speech-to-echo ratio, recorded, 0) in 64 bits. */
const headerBytes = 32;

/** A cancelled signal may overshoot the microphone's; 16 bits are for −2 … 2. */
const range = 2;

export interface ClipHeader {
  readonly length: number;
  readonly speechToEcho: number;
  readonly recorded: boolean;
}

/** Writes a clip whole or not at all. */
export async function writeClip(path: string, clip: Clip): Promise<void> {
  const { length } = clip.microphone;
  const bytes = Buffer.alloc(headerBytes + clipSignals.length * length * 2);
  [length, clip.speechToEcho, Number(clip.recorded), 0].forEach((value, i) =>
    bytes.writeDoubleLE(value, i * 8),
  );
  clipSignals.forEach((name, s) => {
    const signal = clip[name];
    for (let n = 0; n < length; n++) {
      const value = Math.round(((signal[n] ?? 0) / range) * 32767);
      bytes.writeInt16LE(
        Math.max(-32767, Math.min(32767, value)),
        headerBytes + (s * length + n) * 2,
      );
    }
  });
  await writeFileAtomic(path, bytes);
}

/**
 * Reads parts of some signals of a clip.
 * @param from first sample
 * @param out the signals that are wanted, each as many samples as are wanted
 * @returns what the file says of the clip; undefined where there is no such file, or a damaged one
 * @throws RangeError where it has not so many samples: behind a signal there is the next one
 */
export async function readClip(
  path: string,
  from: number,
  out: Readonly<Partial<Record<ClipSignal, Float32Array>>>,
): Promise<ClipHeader | undefined> {
  const file = await open(path, 'r').catch(() => undefined);
  if (file === undefined) return undefined;
  try {
    const head = Buffer.alloc(headerBytes);
    await file.read(head, 0, headerBytes, 0);
    const length = head.readDoubleLE(0);
    const { size } = await file.stat();
    if (size !== headerBytes + clipSignals.length * length * 2) return undefined;
    for (const [s, name] of clipSignals.entries()) {
      const to = out[name];
      if (to === undefined) continue;
      if (from < 0 || from + to.length > length) {
        throw new RangeError(
          `samples ${from} to ${from + to.length} of a clip of ${length} (${path})`,
        );
      }
      const bytes = Buffer.alloc(to.length * 2);
      await file.read(bytes, 0, bytes.length, headerBytes + (s * length + from) * 2);
      for (let n = 0; n < to.length; n++) to[n] = (bytes.readInt16LE(n * 2) / 32767) * range;
    }
    return { length, speechToEcho: head.readDoubleLE(8), recorded: head.readDoubleLE(16) === 1 };
  } finally {
    await file.close();
  }
}
