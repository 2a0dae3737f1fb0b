import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { batchNormTrain } from '../../step/batch-norm.js';
import type { DeclaredNetwork } from '../../step/declare.js';
import { asImages } from '../../step/rank.js';
import type { EngineSession, HostTensor, Program } from '../../engine/types.js';

/** Of a layer as in the networks of the experiments: batch, side, and side of the kernel. */
const shape = { batch: 2, side: 28, kernel: 3 } as const;
/**
 * Channels of the layers that are tried, and the billions of operations a second from which on the
 * next is worth its time: a narrow layer says enough of a slow engine, and too little of a fast one.
 */
const layers = [
  { channels: 8, enough: 0.2 },
  { channels: 128, enough: Infinity },
] as const;

/** Channels of a layer of the documented networks. */
export const layerWidth = 128;

/** One layer of a network as training sees it: convolution, normalisation, ELU, and their gradients. */
const oneLayer: Program = {
  name: 'speed',
  body: ({ inputs }) => {
    const [x, kernel, scale] = ['x', 'kernel', 'scale'].map((name) => inputs.get(name));
    if (x === undefined || kernel === undefined || scale === undefined) {
      throw new Error('the speed test lost its tensors');
    }
    const offset = tf.zerosLike(scale);
    const loss = (image: tf.Tensor, weights: tf.Tensor): tf.Scalar => {
      const y = tf.conv2d(asImages(image, 'x'), asImages(weights, 'kernel'), 1, 'same');
      const normal = batchNormTrain(
        y,
        tf.reshape(scale, [-1]),
        tf.reshape(offset, [-1]),
        () => undefined,
      );
      return tf.sum(tf.square(tf.elu(normal)));
    };
    const [dx, dw] = tf.grads(loss)([x, kernel]);
    const outputs = new Map<string, Tensor>();
    if (dx !== undefined) outputs.set('dx', tf.sum(dx));
    if (dw !== undefined) outputs.set('dw', tf.sum(dw));
    return { state: new Map(), outputs };
  },
};

/**
 * Billions of floating-point operations a second that the engine reaches in training a layer of so
 * many channels, the median of a few runs: a rough number for estimates. It takes a fraction of a
 * second on all but the slowest engine.
 */
export async function measureSpeed(session: EngineSession, channels = layerWidth): Promise<number> {
  let speed = NaN;
  for (const layer of layers) {
    speed = await speedOf(session, Math.min(channels, layer.channels));
    if (channels <= layer.channels || speed < layer.enough) break;
  }
  return speed;
}

/**
 * Channels of a layer as wide as most of the network that computes most; wider ones than 128 are
 * as fast. (The widest layer says little: a discriminator's last ones see a single position.) Of a
 * network without convolutions, as wide as its widest layer.
 */
export function channelsOf(networks: Iterable<DeclaredNetwork>): number {
  const [most] = [...networks].sort((a, b) => b.multiplyAdds - a.multiplyAdds);
  const shapes = (most?.parameters ?? []).map(({ shape }) => shape);
  const last = (shape: readonly number[]): number => shape.at(-1) ?? 1;
  const widths = shapes
    .filter(({ length }) => length > 2)
    .map(last)
    .sort((a, b) => a - b);
  const typical = widths[Math.floor(widths.length / 2)] ?? Math.max(...shapes.map(last));
  return Math.min(128, Math.max(8, typical));
}

async function speedOf(session: EngineSession, channels: number): Promise<number> {
  const { batch, side, kernel } = shape;
  const tensor = (sides: readonly number[], value: number): HostTensor => ({
    shape: sides,
    data: new Float32Array(tf.util.sizeFromShape([...sides])).fill(value),
  });
  const inputs = new Map([
    ['x', tensor([batch, side, side, channels], 0.5)],
    ['kernel', tensor([kernel, kernel, channels, channels], 0.01)],
    ['scale', tensor([channels], 1)],
  ]);
  const once = async (): Promise<number> => {
    const start = performance.now();
    const outputs = await session.run(oneLayer, inputs, new Map());
    await outputs.read();
    return (performance.now() - start) / 1000;
  };
  const times: number[] = [await once()];
  // The first run compiles; on a slow engine it says enough.
  if ((times[0] ?? 0) < 0.3) {
    times.length = 0;
    // A narrow layer takes a millisecond, of which a few say nothing.
    for (let spent = 0; times.length < 3 || (spent < 0.1 && times.length < 50);) {
      const seconds = await once();
      times.push(seconds);
      spent += seconds;
    }
  }
  times.sort((a, b) => a - b);
  const median = times[Math.floor(times.length / 2)] ?? 1;
  // Forward, and the gradients of both operands.
  return (3 * 2 * kernel ** 2 * channels ** 2 * batch * side ** 2) / median / 1e9;
}
