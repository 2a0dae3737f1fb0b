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
  const drift = driftOf(microphone, reference);
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

/**
 * By how many samples the delay changes from the first third to the last; 0 where it does not do so
 * evenly, as clocks do: then the thirds were mistaken.
 */
function driftOf(microphone: Float32Array, reference: Float32Array): number {
  const third = Math.floor(microphone.length / 3);
  const delays = [0, 1, 2].map((i) =>
    findDelay(
      microphone.subarray(i * third, (i + 1) * third),
      reference.subarray(i * third, (i + 1) * third),
    ),
  );
  if (!delays.every(echoFound)) return 0;
  const [first = 0, middle = 0, last = 0] = delays.map(({ samples }) => samples);
  const drift = last - first;
  const even = Math.abs(middle - (first + last) / 2) <= 2 + 0.25 * Math.abs(drift);
  return even ? drift : 0;
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
