import type { RandomSequence } from '../../../core/random/streams.js';
import { between, chance, oneOf } from './draw.js';
import { addDrum, drawKit, drawPattern, type Drum } from './drums.js';
import { drawHarmony } from './harmony.js';
import { rmsOf, scaleToPeak } from './level.js';
import { drawBass, drawChords, drawMelody, type Metre } from './parts.js';
import { rate } from './resonator.js';
import { drawTimbre, timbreKinds, type TimbreKind } from './timbre.js';
import { addTone, type Note } from './tone.js';

const drums: readonly Drum[] = ['kick', 'snare', 'hat', 'tom'];

/**
 * A piece of music: a key and a progression, a tempo of 75 to 145 beats a minute; chords, bass,
 * melody and drums, some of which may be missing or begin later, each on an instrument of its own
 * (saw, square, organ, plucked string, voice, frequency modulation). 16 kHz, peak 0.9 at most.
 */
export function synthesizeMusic(random: RandomSequence, seconds: number): Float32Array {
  const length = Math.round(seconds * rate);
  const beat = 60 / between(random, 75, 145);
  const beats = chance(random, 0.15) ? 3 : 4;
  const metre: Metre = { beat, beats, bars: Math.ceil(seconds / (beat * beats)) };
  const harmony = drawHarmony(random);
  const score = { harmony, metre };
  // At least two parts play, from the beginning.
  const plays = [true, true, chance(random, 0.8), chance(random, 0.7)];
  const order = random.permutation(plays.length);
  const mix = new Float32Array(length);
  const part = new Float32Array(length);
  const add = (level: number): void => {
    const rms = rmsOf(part);
    if (rms === 0) return;
    for (let n = 0; n < length; n++) mix[n] = (mix[n] ?? 0) + (level / rms) * (part[n] ?? 0);
  };
  const makers: readonly (() => void)[] = [
    () => play(random, drawChords(random, score), anyKind(random), part),
    () =>
      play(
        random,
        drawBass(random, score),
        oneOf(random, ['saw', 'square', 'plucked', 'fm', 'organ']),
        part,
      ),
    () => play(random, drawMelody(random, score), anyKind(random), part),
    () => beatDrums(random, metre, part),
  ];
  makers.forEach((make, i) => {
    const place = order[i] ?? 0;
    if (plays[place] !== true) return;
    part.fill(0);
    make();
    const waits = place >= 2 && chance(random, 0.3);
    if (waits) part.fill(0, 0, Math.round(Math.min(seconds / 2, 2 * beats * beat) * rate));
    add(between(random, 0.4, 1));
  });
  if (chance(random, 0.5))
    echo(mix, beat * oneOf(random, [0.5, 0.75, 1]), between(random, 0.1, 0.45));
  if (chance(random, 0.3)) drive(mix, between(random, 0.5, 2));
  return scaleToPeak(mix, between(random, 0.6, 0.9));
}

const anyKind = (random: RandomSequence): TimbreKind =>
  timbreKinds[random.below(timbreKinds.length)] ?? 'saw';

function play(
  random: RandomSequence,
  notes: readonly Note[],
  kind: TimbreKind,
  out: Float32Array,
): void {
  const timbre = drawTimbre(random, kind);
  for (const note of notes) addTone(out, note, timbre, random);
}

function beatDrums(random: RandomSequence, { beat, beats, bars }: Metre, out: Float32Array): void {
  const kit = drawKit(random);
  const steps = beats * 4;
  const pattern = drawPattern(random, steps);
  const fill = drawPattern(random, steps);
  const swing = chance(random, 0.25) ? between(random, 0.05, 0.3) : 0;
  for (let bar = 0; bar < bars; bar++) {
    const bars4 = bar % 4 === 3 && chance(random, 0.5) ? fill : pattern;
    for (let step = 0; step < steps; step++) {
      const late = step % 2 === 1 ? swing : 0;
      const start = (bar * beats + (step + late) / 4) * beat;
      for (const drum of drums) {
        const level = bars4[drum][step] ?? 0;
        if (level > 0) addDrum(out, drum, start, level * between(random, 0.8, 1), kit, random);
      }
    }
  }
}

/** Repeats what was heard some seconds ago, and that again. */
function echo(signal: Float32Array, seconds: number, gain: number): void {
  const delay = Math.round(seconds * rate);
  for (let n = delay; n < signal.length; n++) {
    signal[n] = (signal[n] ?? 0) + gain * (signal[n - delay] ?? 0);
  }
}

/** Rounds off loud samples, as an overdriven amplifier. */
function drive(signal: Float32Array, amount: number): void {
  const gain = amount / Math.max(1e-9, rmsOf(signal));
  for (let n = 0; n < signal.length; n++) signal[n] = Math.tanh((signal[n] ?? 0) * gain * 0.5);
}
