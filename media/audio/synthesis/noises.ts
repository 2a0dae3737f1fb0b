import type { RandomSequence } from '../../../core/random/streams.js';
import { between, chance, oneOf } from './draw.js';
import { rate, Resonator } from './resonator.js';

/** A tone of the mains (50 or 60 Hz) or of a motor, with harmonics; its pitch drifts a little. */
export function addHum(out: Float32Array, random: RandomSequence): void {
  const frequency = oneOf(random, [50, 60, 100, 120, between(random, 70, 400)]);
  const fall = between(random, 0.3, 1.5);
  const harmonics = Array.from({ length: 24 }, (_, i) => i + 1).filter(
    (k) => k * frequency < 7500 && (k === 1 || chance(random, 0.6)),
  );
  const drift = between(random, 0, 0.004);
  const [slow, swell] = [between(random, 0.05, 0.5), between(random, 0, 0.4)];
  const start = random.uniform();
  for (const k of harmonics) {
    const amplitude = k ** -fall * between(random, 0.3, 1);
    const offset = 2 * Math.PI * random.uniform();
    for (let n = 0; n < out.length; n++) {
      const time = n / rate;
      const wave = Math.sin(2 * Math.PI * (slow * time + start));
      const phase = k * frequency * (time + (drift * wave) / slow / 6);
      const level = amplitude * (1 + swell * wave);
      out[n] = (out[n] ?? 0) + level * Math.sin(2 * Math.PI * phase + offset);
    }
  }
}

/**
 * Many voices at once that cannot be told apart: noises, each through two bands that wander where
 * formants are, and loud and soft as syllables are.
 */
export function addBabble(out: Float32Array, random: RandomSequence): void {
  const voices = 3 + random.below(6);
  const noise = new Float32Array(out.length);
  for (let v = 0; v < voices; v++) {
    random.fillUniform(noise, -1, 1);
    const low = new Resonator();
    const high = new Resonator();
    const distance = between(random, 0.2, 1);
    let [level, wanted, left] = [0, 0, 0];
    for (let n = 0; n < out.length; n++) {
      if (left-- <= 0) {
        left = Math.round(between(random, 0.05, 0.25) * rate);
        wanted = chance(random, 0.3) ? 0 : between(random, 0.3, 1);
        low.tune(between(random, 250, 800), 120);
        high.tune(between(random, 900, 2600), 250);
      }
      level += (wanted - level) * 0.002;
      out[n] = (out[n] ?? 0) + distance * level * high.next(low.next(noise[n] ?? 0));
    }
  }
}

/** Keys, dishes, drops: short rings at random moments. */
export function addClicks(out: Float32Array, random: RandomSequence): void {
  const perSecond = between(random, 0.7, 12);
  const [lowest, highest] = [between(random, 200, 1500), between(random, 2000, 6500)];
  const ring = between(random, 0.002, 0.04);
  let at = 0;
  for (;;) {
    at -= (Math.log(1 - random.uniform()) / perSecond) * rate;
    const start = Math.floor(at);
    if (start >= out.length) return;
    const frequency = lowest * (highest / lowest) ** random.uniform();
    const level = 10 ** between(random, -1, 0);
    const decay = Math.exp(-1 / (ring * between(random, 0.5, 2) * rate));
    const step = (2 * Math.PI * frequency) / rate;
    let fading = level;
    for (let n = start; n < out.length && fading > level * 1e-4; n++) {
      const hit = n - start < 8 ? 2 * random.uniform() - 1 : 0;
      out[n] = (out[n] ?? 0) + fading * (Math.sin(step * (n - start)) + hit);
      fading *= decay;
    }
  }
}

/** Wind, waves, traffic: the noise swells and ebbs, in a band that moves. */
export function gusts(noise: Float32Array, random: RandomSequence): Float32Array {
  const band = new Resonator();
  const period = between(random, 0.4, 4);
  const [low, high] = [between(random, 100, 500), between(random, 600, 3500)];
  let [strength, wanted, left] = [random.uniform(), random.uniform(), 0];
  const part = 1 / (0.3 * period * rate);
  for (let n = 0; n < noise.length; n++) {
    if (left-- <= 0) {
      left = Math.round(period * between(random, 0.5, 1.5) * rate);
      wanted = random.uniform();
    }
    strength += (wanted - strength) * part;
    if (n % 80 === 0) band.tunePeak(low * (high / low) ** strength, 200 + 600 * strength);
    const value = noise[n] ?? 0;
    noise[n] = (0.05 + strength * strength) * (0.2 * value + band.next(value));
  }
  return noise;
}
