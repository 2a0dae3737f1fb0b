import { tf, type HostTensor } from '../../engines/compiled/index.js';
import { Weights, uniform, type Net } from './net.js';

/** A network that is trained by `ncn/engine` alone. bench/peers/torch_apart.py has the same. */
export interface Work {
  readonly weights: Weights;
  /** A batch of noise. */
  batch(examples: number): { readonly x: HostTensor; readonly y: HostTensor };
  loss(net: Net, x: tf.Tensor, y: tf.Tensor): tf.Scalar;
}

/**
 * A small U-Net that takes noise from 64×64 images of three channels: three resolutions of 16, 32 and
 * 64 channels, two convolutions with batch normalisation and ReLU at each, mean squared error.
 */
export function unet(width = 16, side = 64): Work {
  const weights = new Weights();
  const double = (name: string, from: number, to: number): void => {
    weights.conv(`${name}/a`, 3, from, to).norm(`${name}/a`, to);
    weights.conv(`${name}/b`, 3, to, to).norm(`${name}/b`, to);
  };
  double('down1', 3, width);
  double('down2', width, 2 * width);
  double('middle', 2 * width, 4 * width);
  weights.up('up2', 4 * width, 2 * width);
  double('back2', 4 * width, 2 * width);
  weights.up('up1', 2 * width, width);
  double('back1', 2 * width, width);
  weights.conv('last', 1, width, 3);
  return {
    weights,
    batch: (examples) => ({
      x: uniform([examples, side, side, 3], 10, 1),
      y: uniform([examples, side, side, 3], 11, 1),
    }),
    loss: (net, x, y) => {
      const once = (name: string, h: tf.Tensor4D): tf.Tensor4D =>
        tf.relu(net.norm(name, net.conv(name, h)));
      const twice = (name: string, h: tf.Tensor4D): tf.Tensor4D =>
        once(`${name}/b`, once(`${name}/a`, h));
      const half = (h: tf.Tensor4D): tf.Tensor4D => tf.maxPool(h, 2, 2, 'valid');
      const one = twice('down1', x as tf.Tensor4D);
      const two = twice('down2', half(one));
      const low = twice('middle', half(two));
      const middle = twice('back2', tf.concat([net.up('up2', low), two], 3));
      const high = twice('back1', tf.concat([net.up('up1', middle), one], 3));
      return tf.mean(tf.square(tf.sub(net.conv('last', high), y)));
    },
  };
}

/**
 * A ResNet for 32×32 images of ten classes: three stages of 16, 32 and 64 channels, two blocks each,
 * cross-entropy.
 */
export function resnet(width = 16, side = 32): Work {
  const weights = new Weights().conv('first', 3, 3, width).norm('first', width);
  const blocks: { name: string; stride: number; wider: boolean }[] = [];
  let from = width;
  for (const [stage, factor] of [1, 2, 4].entries()) {
    for (let block = 0; block < 2; block++) {
      const to = factor * width;
      const name = `stage${stage}/${block}`;
      weights.conv(`${name}/a`, 3, from, to).norm(`${name}/a`, to);
      weights.conv(`${name}/b`, 3, to, to).norm(`${name}/b`, to);
      const wider = from !== to;
      if (wider) weights.conv(`${name}/short`, 1, from, to).norm(`${name}/short`, to);
      blocks.push({ name, stride: wider ? 2 : 1, wider });
      from = to;
    }
  }
  weights.dense('classes', from, 10);
  return {
    weights,
    batch: (examples) => {
      const data = new Float32Array(examples * 10);
      for (let i = 0; i < examples; i++) data[i * 10 + (i % 10)] = 1;
      return { x: uniform([examples, side, side, 3], 10, 1), y: { shape: [examples, 10], data } };
    },
    loss: (net, x, y) => {
      const normed = (name: string, h: tf.Tensor4D, stride = 1): tf.Tensor4D =>
        net.norm(name, net.conv(name, h, stride));
      let h = tf.relu(normed('first', x as tf.Tensor4D));
      for (const { name, stride, wider } of blocks) {
        const inner = normed(`${name}/b`, tf.relu(normed(`${name}/a`, h, stride)));
        h = tf.relu(tf.add(inner, wider ? normed(`${name}/short`, h, stride) : h));
      }
      const logits = net.dense('classes', tf.mean<tf.Tensor2D>(h, [1, 2]));
      return tf.neg(tf.mean<tf.Scalar>(tf.sum(tf.mul(y, tf.logSoftmax(logits)), 1)));
    },
  };
}

export const works: Readonly<Record<string, (width?: number, side?: number) => Work>> = {
  unet,
  resnet,
};
