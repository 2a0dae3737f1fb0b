import { erle } from '../metrics/sdr.js';
import { echoFound, findDelay, shifted } from './delay.js';
import { LiveDenoiser, type Suppressor } from './live.js';

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
 * by the linear canceller, and leaves the rest to a network where there is one. A
 * recording of unusual level is brought to that which networks know, and back.
 */
export async function denoise(
  microphone: Float32Array,
  reference: Float32Array,
  suppressor?: Suppressor,
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
  const [loud, played] = [microphone, aligned].map(usualLevel);
  const live = new LiveDenoiser(suppressor);
  const parts = [
    await live.push(scaled(microphone, loud ?? 1), scaled(aligned, played ?? 1)),
    await live.flush(),
  ];
  const output = new Float32Array(microphone.length);
  parts.forEach((part, i) => output.set(part, i === 0 ? 0 : (parts[0]?.length ?? 0)));
  for (let n = 0; n < output.length; n++) output[n] = (output[n] ?? 0) / (loud ?? 1);
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

/** Peaks between these are what networks were trained on, nearly; silence stays as it is. */
const [quiet, full] = [0.1, 1];

/** The gain that brings a signal to a level that networks know. */
function usualLevel(signal: Float32Array): number {
  const peak = signal.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return peak === 0 || (peak >= quiet && peak <= full) ? 1 : 0.5 / peak;
}

const scaled = (signal: Float32Array, gain: number): Float32Array =>
  gain === 1 ? signal : signal.map((value) => value * gain);
