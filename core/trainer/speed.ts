import * as tf from '@tensorflow/tfjs-core';
import { asImages } from '../step/rank.js';
import type { EngineSession, Program } from '../engine/types.js';

const batch = 4;
const side = 28;
const channels = 32;

const convolution: Program = {
  name: 'speed',
  body: ({ inputs }) => {
    const kernel = inputs.get('kernel');
    const x = inputs.get('x');
    if (kernel === undefined || x === undefined) throw new Error('the speed test lost its tensors');
    const y = tf.conv2d(asImages(x, 'x'), asImages(kernel, 'kernel'), 1, 'same');
    return { state: new Map(), outputs: new Map([['y', tf.sum(y)]]) };
  },
};

/**
 * Billions of floating-point operations a second in a small convolution (3×3, 32 → 32 channels),
 * the median of a few runs: a rough figure for estimates. It takes a fraction of a second on all
 * but the slowest engine.
 */
export async function measureSpeed(session: EngineSession): Promise<number> {
  const kernel = {
    shape: [3, 3, channels, channels],
    data: new Float32Array(9 * channels ** 2),
  };
  const x = {
    shape: [batch, side, side, channels],
    data: new Float32Array(batch * side ** 2 * channels),
  };
  const inputs = new Map([
    ['x', x],
    ['kernel', kernel],
  ]);
  const once = async (): Promise<number> => {
    const start = performance.now();
    const outputs = await session.run(convolution, inputs, new Map());
    await outputs.read();
    return (performance.now() - start) / 1000;
  };
  const times: number[] = [await once()];
  // The first run compiles; on a slow engine it says enough.
  if ((times[0] ?? 0) < 0.5) {
    times.length = 0;
    for (let i = 0; i < 5; i++) times.push(await once());
  }
  times.sort((a, b) => a - b);
  const median = times[Math.floor(times.length / 2)] ?? 1;
  return (2 * 9 * channels ** 2 * batch * side ** 2) / median / 1e9;
}
