import type { RandomSequence } from '../../../core/random/streams.js';
import { shape } from './coloured.js';
import { between, chance, oneOf } from './draw.js';
import { rmsOf, scaleToPeak } from './level.js';
import { addBabble, addClicks, addHum, gusts } from './noises.js';
import { rate } from './resonator.js';

type Kind = 'plain' | 'hum' | 'babble' | 'clicks' | 'gusts';

/**
 * A noise: white noise shaped by f^−s, s from 0 to 1; of the same loudness and over it, a hum of the
 * mains or of a motor, babble of many voices, or clicks; or the noise itself in gusts. 16 kHz, peak
 * 0.9 at most.
 */
export function synthesizeNoise(random: RandomSequence, seconds: number): Float32Array {
  const length = Math.round(seconds * rate);
  const slope = oneOf(random, [0, 0.5, 1, between(random, 0, 1), between(random, 0, 1)]);
  const kind = oneOf<Kind>(random, ['plain', 'hum', 'babble', 'clicks', 'gusts']);
  const floor = shape(random.fillUniform(new Float32Array(length), -1, 1), slope);
  if (kind === 'plain') return scaleToPeak(floor, between(random, 0.3, 0.9));
  if (kind === 'gusts') return scaleToPeak(gusts(floor, random), between(random, 0.3, 0.9));
  const sound = new Float32Array(length);
  const add = { hum: addHum, babble: addBabble, clicks: addClicks }[kind];
  add(sound, random);
  // Clicks stand out; what lasts may be as loud as the floor or alone.
  const below = chance(random, 0.3) ? between(random, 0, 0.1) : between(random, 0.1, 1);
  const gain = (below * rmsOf(sound)) / Math.max(1e-9, rmsOf(floor));
  for (let n = 0; n < length; n++) sound[n] = (sound[n] ?? 0) + gain * (floor[n] ?? 0);
  return scaleToPeak(sound, between(random, 0.3, 0.9));
}
