import type { RandomSequence } from '../../../core/random/streams.js';
import { rate, Resonator } from './resonator.js';
import type { Timbre } from './timbre.js';

export interface Note {
  /** In seconds. */
  readonly start: number;
  readonly length: number;
  /** In Hz. */
  readonly frequency: number;
  readonly level: number;
}

/** Adds a note to a signal; what is beyond its end is left out. */
export function addTone(
  out: Float32Array,
  note: Note,
  timbre: Timbre,
  random: RandomSequence,
): void {
  const start = Math.round(note.start * rate);
  const held = note.length * rate;
  const length = Math.min(
    Math.ceil(held + 4 * timbre.release * rate),
    Math.max(0, out.length - start),
  );
  if (length <= 0 || note.frequency > 4000) return;
  const next = generatorOf(note.frequency, timbre, random);
  const attack = 1 / (timbre.attack * rate);
  const decay = Math.exp(-1 / (timbre.decay * rate));
  const release = Math.exp(-1 / (timbre.release * rate));
  let rising = 0;
  let above = 1;
  let fading = 1;
  for (let i = 0; i < length; i++) {
    if (rising < 1) rising = Math.min(1, rising + attack);
    else above *= decay;
    if (i > held) fading *= release;
    const level = rising * (timbre.sustain + (1 - timbre.sustain) * above) * fading;
    out[start + i] = (out[start + i] ?? 0) + note.level * level * next(i / rate);
  }
}

/** Gives one sample after the other; it is told the time since the beginning. */
type Generator = (time: number) => number;

function generatorOf(frequency: number, timbre: Timbre, random: RandomSequence): Generator {
  switch (timbre.kind) {
    case 'saw':
    case 'square':
      return filtered(frequency, timbre, random);
    case 'organ':
      return organ(frequency, timbre);
    case 'plucked':
      return plucked(frequency, timbre, random);
    case 'formant':
      return sung(frequency, timbre, random);
    case 'fm':
      return modulated(frequency, timbre);
  }
}

/** Samples for which what changes slowly stays as it is: 2 ms. */
const hold = 32;

/** The factor of the vibrato, asked for once a sample. */
function vibratoOf({ vibrato, vibratoRate }: Timbre): Generator {
  let [count, factor] = [0, 1];
  return (time) => {
    if (vibrato !== 0 && count++ % hold === 0) {
      factor = 1 + vibrato * Math.sin(2 * Math.PI * vibratoRate * time);
    }
    return factor;
  };
}

/** What smooths a step of height 1 at phase 0 over two samples (polynomial BLEP, Välimäki 2007). */
function blep(phase: number, step: number): number {
  if (phase < step) return -((1 - phase / step) ** 2) / 2;
  if (phase > 1 - step) return (1 + (phase - 1) / step) ** 2 / 2;
  return 0;
}

const sawAt = (phase: number, step: number): number => 2 * phase - 1 - 2 * blep(phase, step);

/** One or two saws or squares through two low-passes of first order that close. */
function filtered(frequency: number, timbre: Timbre, random: RandomSequence): Generator {
  const { kind, detune, duty, cutoff, decay } = timbre;
  const steps = (detune === 0 ? [1] : [1 - detune / 2, 1 + detune / 2]).map(
    (factor) => (factor * frequency) / rate,
  );
  const phases = steps.map(() => random.uniform());
  const [first, later] = cutoff;
  const wobble = vibratoOf(timbre);
  let [low, lower, part, count] = [0, 0, 0, 0];
  return (time) => {
    const factor = wobble(time);
    let sum = 0;
    for (let k = 0; k < steps.length; k++) {
      const step = (steps[k] ?? 0) * factor;
      let phase = (phases[k] ?? 0) + step;
      if (phase >= 1) phase -= 1;
      phases[k] = phase;
      sum += sawAt(phase, step);
      if (kind === 'square') sum -= sawAt(phase + duty < 1 ? phase + duty : phase + duty - 1, step);
    }
    if (count++ % hold === 0) {
      const open = later + (first - later) * Math.exp(-time / decay);
      part = 1 - Math.exp((-2 * Math.PI * Math.min(open * frequency, 7000)) / rate);
    }
    low += (sum / steps.length - low) * part;
    lower += (low - lower) * part;
    return lower;
  };
}

/** Harmonics of fixed amplitudes, by a table. */
function organ(frequency: number, timbre: Timbre): Generator {
  const size = 1024;
  const table = new Float32Array(size);
  const sum = timbre.drawbars.reduce((total, amplitude) => total + amplitude, 0);
  timbre.drawbars.forEach((amplitude, i) => {
    if (amplitude === 0 || frequency * (i + 1) > 7500) return;
    for (let n = 0; n < size; n++) {
      const sine = Math.sin((2 * Math.PI * (i + 1) * n) / size);
      table[n] = (table[n] ?? 0) + (amplitude / sum) * sine;
    }
  });
  const wobble = vibratoOf(timbre);
  let phase = 0;
  return (time) => {
    phase += (wobble(time) * frequency * size) / rate;
    if (phase >= size) phase -= size;
    const at = Math.floor(phase);
    const [here, there] = [table[at] ?? 0, table[(at + 1) % size] ?? 0];
    return 1.5 * (here + (there - here) * (phase - at));
  };
}

/** A string: noise that goes round in a loop of one period (Karplus and Strong 1983). */
function plucked(frequency: number, timbre: Timbre, random: RandomSequence): Generator {
  const period = rate / frequency;
  // The mean of two neighbours delays by half a sample, an all-pass by the rest.
  const whole = Math.floor(period - 0.6);
  const rest = period - 0.5 - whole;
  const allpass = (1 - rest) / (1 + rest);
  const loop = random.fillUniform(new Float32Array(whole), -1, 1);
  let held = 0;
  for (let n = 0; n < whole; n++) {
    held += ((loop[n] ?? 0) - held) * (0.1 + 0.9 * timbre.brightness);
    loop[n] = held;
  }
  const keep = 0.001 ** (period / (rate * timbre.ring));
  let [at, last, x1, y1] = [0, 0, 0, 0];
  return () => {
    const value = loop[at] ?? 0;
    const mean = (value + last) / 2;
    last = value;
    y1 = allpass * (mean - y1) + x1;
    x1 = mean;
    loop[at] = keep * y1;
    if (++at === whole) at = 0;
    return 1.5 * value;
  };
}

/** A saw through three formants on their way from one vowel to another. */
function sung(frequency: number, timbre: Timbre, random: RandomSequence): Generator {
  const [from, to] = timbre.mouths;
  const mouth = [new Resonator(), new Resonator(), new Resonator()] as const;
  const [f1, f2, f3] = mouth;
  const wobble = vibratoOf(timbre);
  let phase = random.uniform();
  let count = 0;
  return (time) => {
    if (count++ % 160 === 0) {
      const part = Math.min(1, time / 0.4);
      mouth.forEach((resonator, i) => {
        const formant = (from[i] ?? 0) + ((to[i] ?? 0) - (from[i] ?? 0)) * part;
        resonator.tune(Math.max(formant, frequency), 90 + 40 * i);
      });
    }
    const step = (wobble(time) * frequency) / rate;
    phase += step;
    if (phase >= 1) phase -= 1;
    return f3.next(f2.next(f1.next(0.4 * sawAt(phase, step))));
  };
}

/** A sine with a modulated phase (Chowning 1973); its index is kept so low that little folds back. */
function modulated(frequency: number, timbre: Timbre): Generator {
  const { ratio, indexDecay } = timbre;
  const index = Math.min(timbre.index, Math.max(0, (7000 / frequency - 1) / ratio));
  const wobble = vibratoOf(timbre);
  let [phase, depth, count] = [0, 0, 0];
  return (time) => {
    phase += (wobble(time) * frequency) / rate;
    if (count++ % hold === 0) depth = index * (0.2 + 0.8 * Math.exp(-time / indexDecay));
    return Math.sin(2 * Math.PI * phase + depth * Math.sin(2 * Math.PI * ratio * phase));
  };
}
