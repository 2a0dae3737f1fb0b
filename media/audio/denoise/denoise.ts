import { erle } from '../metrics/sdr.js';
import { cancelEcho } from '../canceller.js';
import { echoFound, findDelay, shifted } from './delay.js';

/** Removes what is left behind the linear canceller; all signals are equally long, 16 kHz. */
export type Suppressor = (signals: {
  readonly microphone: Float32Array;
  readonly reference: Float32Array;
  readonly cancelled: Float32Array;
}) => Promise<Float32Array>;

export interface Denoised {
  readonly output: Float32Array;
  readonly report: DenoiseReport;
}

export interface DenoiseReport {
  /** Whether the reference was heard in the microphone's signal at all. */
  readonly found: boolean;
  /** By how much it comes later than in its own recording, milliseconds. */
  readonly delay: number;
  /** How much that changes from the first to the last third, milliseconds: clocks that drift. */
  readonly drift: number;
  /** Power of the microphone's signal over the output's, dB: of speech and echo together. */
  readonly reduction: number;
  /** Seconds of computing for a second of sound. */
  readonly realTimeFactor: number;
}

const rate = 16_000;
/** The canceller's filter begins here: what comes before the expected moment is still found. */
const margin = 32;

/**
 * Removes a known signal and noise from a recording, 16 kHz mono: finds the reference, takes it out
 * by the linear canceller, and leaves the rest to a network where there is one.
 */
export async function denoise(
  microphone: Float32Array,
  reference: Float32Array,
  suppress?: Suppressor,
): Promise<Denoised> {
  const started = performance.now();
  const delay = findDelay(microphone, reference);
  const found = echoFound(delay);
  const move = found ? delay.samples - margin : 0;
  const aligned = shifted(reference, move, microphone.length);
  const third = Math.floor(microphone.length / 3);
  const ends = [0, microphone.length - third].map((from) =>
    findDelay(microphone.subarray(from, from + third), reference.subarray(from, from + third)),
  );
  const [first, last] = ends;
  const both = first !== undefined && last !== undefined && ends.every(echoFound);
  const drift = both ? last.samples - first.samples : 0;
  const cancelled = cancelEcho(microphone, aligned);
  const output = (await suppress?.({ microphone, reference: aligned, cancelled })) ?? cancelled;
  const seconds = microphone.length / rate;
  return {
    output,
    report: {
      found,
      delay: found ? (1000 * delay.samples) / rate : 0,
      drift: (1000 * drift) / rate,
      reduction: erle(microphone, output),
      realTimeFactor: (performance.now() - started) / 1000 / Math.max(seconds, 1e-9),
    },
  };
}
