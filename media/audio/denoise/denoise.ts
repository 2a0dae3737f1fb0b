import { erle } from '../metrics/sdr.js';
import { echoFound, findDelay, peakOf, shifted } from './delay.js';
import { findDrift, warped } from './drift.js';
import { LiveDenoiser, type Suppressor } from './live.js';
import { inPieces, type WholeNetwork } from './whole.js';

export interface Denoised {
  readonly output: Float32Array;
  readonly report: DenoiseReport;
}

export interface DenoiseReport {
  /** Whether the reference was heard in the microphone's signal at all. */
  readonly found: boolean;
  /** By how much it comes later than in its own recording, milliseconds. */
  readonly delay: number;
  /** How much that changes over the recording, milliseconds: clocks that drift, which was corrected. */
  readonly drift: number;
  /** The same in millionths of the rate. */
  readonly driftPpm: number;
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
 * by the linear canceller, and leaves the rest to a network where there is one. A
 * recording of unusual level is brought to that which networks know, and back.
 * @param suppressor a network for blocks @param whole one that looks ahead, in place of it
 */
export async function denoise(
  microphone: Float32Array,
  reference: Float32Array,
  suppressor?: Suppressor,
  whole?: WholeNetwork,
): Promise<Denoised> {
  const started = performance.now();
  const delay = findDelay(microphone, reference);
  // Clocks that drift blur the peak of the whole: each window has one of its own.
  const line = findDrift(microphone, reference);
  const found = line !== undefined || echoFound(delay);
  const start = line?.start ?? (found ? delay.samples : 0);
  const { length } = microphone;
  const aligned =
    line === undefined
      ? shifted(reference, found ? delay.samples - margin : 0, length)
      : warped(reference, { ...line, start: line.start - margin }, length);
  const slope = line?.slope ?? 0;
  const [loud, played] = [microphone, aligned].map(usualLevel);
  const live = new LiveDenoiser(suppressor);
  const [input, moved] = [scaled(microphone, loud ?? 1), scaled(aligned, played ?? 1)];
  const parts = [await live.push(input, moved), await live.flush()];
  const cancelled = new Float32Array(microphone.length);
  parts.forEach((part, i) => cancelled.set(part, i === 0 ? 0 : (parts[0]?.length ?? 0)));
  const output =
    whole === undefined ? cancelled : await inPieces(whole, { input, reference: moved, cancelled });
  for (let n = 0; n < output.length; n++) output[n] = (output[n] ?? 0) / (loud ?? 1);
  const seconds = microphone.length / rate;
  return {
    output,
    report: {
      found,
      delay: (1000 * start) / rate,
      drift: (1000 * slope * length) / rate,
      driftPpm: 1e6 * slope,
      reduction: erle(microphone, output),
      realTimeFactor: (performance.now() - started) / 1000 / Math.max(seconds, 1e-9),
    },
  };
}

/** Peaks between these are what networks were trained on, nearly; silence stays as it is. */
const [quiet, full] = [0.1, 1];

/** The gain that brings a signal to a level that networks know. */
function usualLevel(signal: Float32Array): number {
  const peak = peakOf(signal);
  return peak === 0 || (peak >= quiet && peak <= full) ? 1 : 0.5 / peak;
}

const scaled = (signal: Float32Array, gain: number): Float32Array =>
  gain === 1 ? signal : signal.map((value) => value * gain);
