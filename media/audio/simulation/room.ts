import type { RandomSequence } from '../../../core/random/streams.js';
import { dcBlocker, filter } from './filters.js';

type Point = readonly [x: number, y: number, z: number];

/** A room with a loudspeaker and a microphone; lengths in metres. */
export interface Room {
  readonly size: Point;
  readonly microphone: Point;
  readonly loudspeaker: Point;
  /** Time in seconds in which sound falls by 60 dB. */
  readonly reverberation: number;
}

const soundSpeed = 343;
const longest = 0.5;

/** A living room with a smart speaker: the loudspeaker stands near the microphone. */
export function drawRoom(random: RandomSequence): Room {
  const between = (low: number, high: number): number => low + (high - low) * random.uniform();
  const size: Point = [between(3, 8), between(2.5, 6), between(2.3, 3.2)];
  const inside = (side: number): number => between(0.5, side - 0.5);
  const microphone: Point = [inside(size[0]), inside(size[1]), inside(size[2])];
  for (;;) {
    const distance = between(0.1, 0.8);
    const height = between(-1, 1);
    const angle = between(0, 2 * Math.PI);
    const flat = Math.sqrt(1 - height * height);
    const loudspeaker: Point = [
      microphone[0] + distance * flat * Math.cos(angle),
      microphone[1] + distance * flat * Math.sin(angle),
      microphone[2] + distance * height,
    ];
    const within = loudspeaker.every((at, i) => at > 0.05 && at < (size[i] ?? 0) - 0.05);
    if (within) return { size, microphone, loudspeaker, reverberation: between(0.1, 0.5) };
  }
}

/**
 * Response of a room by the image method: Allen and Berkley, "Image method for efficiently
 * simulating small-room acoustics" (1979); the walls' absorption by Eyring's formula (1930). Cut off
 * at the reverberation time, half a second at most.
 * @param rate Hz
 */
export function roomResponse(room: Room, rate: number): Float64Array {
  const { size, microphone, loudspeaker, reverberation } = room;
  const seconds = Math.min(reverberation, longest);
  const response = new Float64Array(Math.ceil(seconds * rate));
  const [lx, ly, lz] = size;
  const volume = lx * ly * lz;
  const surface = 2 * (lx * ly + ly * lz + lx * lz);
  const absorption = 1 - Math.exp((-0.161 * volume) / (surface * reverberation));
  const reflection = Math.sqrt(1 - absorption);
  const reach = seconds * soundSpeed;
  const [xs, ys, zs] = [0, 1, 2].map((axis) =>
    images(size[axis] ?? 1, loudspeaker[axis] ?? 0, microphone[axis] ?? 0, reach),
  );
  const powers: number[] = [];
  const power = (bounces: number): number => (powers[bounces] ??= reflection ** bounces);
  for (const x of xs ?? []) {
    for (const y of ys ?? []) {
      const flat = x.squared + y.squared;
      if (flat > reach * reach) continue;
      for (const z of zs ?? []) {
        const squared = flat + z.squared;
        if (squared > reach * reach) continue;
        const distance = Math.sqrt(squared);
        const at = Math.round((distance / soundSpeed) * rate);
        if (at >= response.length) continue;
        const amplitude = power(x.bounces + y.bounces + z.bounces) / (4 * Math.PI * distance);
        response[at] = (response[at] ?? 0) + amplitude;
      }
    }
  }
  return filter(response, dcBlocker(0.995));
}

/** Images of a source along one axis: square of the distance, and how many walls it met. */
function images(side: number, source: number, receiver: number, reach: number) {
  const count = Math.ceil(reach / (2 * side)) + 1;
  const found: { squared: number; bounces: number }[] = [];
  for (let n = -count; n <= count; n++) {
    for (const mirrored of [0, 1]) {
      const at = (1 - 2 * mirrored) * source + 2 * n * side - receiver;
      if (Math.abs(at) <= reach) {
        found.push({ squared: at * at, bounces: Math.abs(n - mirrored) + Math.abs(n) });
      }
    }
  }
  return found;
}
