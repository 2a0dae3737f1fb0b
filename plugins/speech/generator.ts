import { definePlugin, glorotUniform, tf, z, type Initializer, type Layers } from 'ncn';
import { bins, compress, framesOf, hop, magnitude, signalOf, type Spectrogram } from './spectra.js';

const options = z.strictObject({
  filters: z
    .array(z.int().positive())
    .min(1)
    .default([12, 16, 24, 32])
    .describe(
      'filters of the convolutions along frequency, each at half the bins of the one before',
    ),
  width: z.int().positive().default(128).describe('features of the blocks along time'),
  dilations: z
    .array(z.int().positive())
    .default([1, 2, 4, 8, 1, 2])
    .describe('dilation of each block along time'),
  canceller: z
    .boolean()
    .default(true)
    .describe(
      'whether it is given the output of the linear canceller (false: the post’s literal form)',
    ),
});

const leaky = <T extends tf.Tensor>(x: T): T => tf.leakyRelu(x, 0.2);

/** Smaller than usual: before training, the output is nearly the canceller's (the post's long skip). */
const faint: Initializer = (out, shape, random) => {
  glorotUniform(out, shape, random);
  for (let i = 0; i < out.length; i++) out[i] = 0.3 * (out[i] ?? 0);
};

/** The bias with which the first mask begins: 1.5 · tanh(0.8) ≈ 1. */
const open: Initializer = (out, [, masks = 1]) => {
  for (let i = 0; i < out.length; i++) out[i] = i % masks === 0 ? 0.8 : 0;
};

/** Real and imaginary part of (a + ib)·X. */
const times = (a: tf.Tensor, b: tf.Tensor, { re, im }: Spectrogram): Spectrogram => ({
  re: tf.sub(tf.mul(a, re), tf.mul(b, im)),
  im: tf.add(tf.mul(a, im), tf.mul(b, re)),
});

/** Halves of the number of bins, from the first convolution's input on. */
const sidesOf = (depth: number): number[] =>
  Array.from({ length: depth + 1 }, (_, i) => Math.ceil(bins / 2 ** i));

/**
 * Residual blocks along time on each frame's features: causal, so that a frame needs no later one.
 * @param x [batch, frames, features]
 */
function recall(layers: Layers, x: tf.Tensor, width: number, dilations: readonly number[]) {
  let h: tf.Tensor = layers.dense('in', x, width);
  dilations.forEach((dilation, i) => {
    const name = `block${i + 1}`;
    const y = layers.conv1d(`${name}/conv`, h, {
      filters: width,
      kernel: 3,
      dilation,
      pad: 'causal',
      bias: false,
    });
    h = tf.add(h, layers.dense(`${name}/out`, leaky(layers.batchNorm(`${name}/bn`, y)), width));
  });
  return tf.add(x, layers.dense('out', h, x.shape[2] ?? 1));
}

/**
 * A causal convolutional encoder and decoder along frequency, with dilated residual blocks along time
 * between them, whose output masks the spectra of the canceller's output and of the microphone.
 * Latency 32 ms.
 */
export default definePlugin({
  name: 'speech.generator',
  version: '1.0.0',
  summary: 'masks the spectra of microphone and canceller; causal, 0.6 M weights',
  options,
  setup({ hooks, options: { filters, width, dilations, canceller } }) {
    hooks.networks.tap(({ add }) => {
      add({
        name: 'generator',
        main: true,
        inputs: { input: 'input', reference: 'reference', cancelled: 'cancelled' },
        anyLength: [0],
        // A frame is complete with its second block, its output with the next frame.
        stream: { hop, latency: hop },
        forward(layers, { input, reference, cancelled }) {
          const mic = framesOf(layers, 'input', input);
          const linear = canceller ? framesOf(layers, 'cancelled', cancelled) : mic;
          const played = framesOf(layers, 'reference', reference);
          const m = compress(mic);
          const l = compress(linear);
          const echo = { re: tf.sub(mic.re, linear.re), im: tf.sub(mic.im, linear.im) };
          const own = canceller ? [l.magnitude, l.re, l.im, magnitude(echo)] : [];
          const seen = [m.magnitude, m.re, m.im, ...own, magnitude(played)];
          let h: tf.Tensor = layers.batchNorm('bn', tf.stack(seen, 3));
          const [batch = 1, frames = 1] = h.shape;
          const skips: tf.Tensor[] = [];
          filters.forEach((count, i) => {
            const name = `down${i + 1}`;
            const y = layers.conv2d(name, h, {
              filters: count,
              kernel: [1, 5],
              stride: [1, 2],
              bias: false,
            });
            h = leaky(layers.batchNorm(`${name}/bn`, y));
            skips.push(h);
          });
          const [, , side = 1, channels = 1] = h.shape;
          const flat = tf.reshape(h, [batch, frames, side * channels]);
          h = tf.reshape(recall(layers, flat, width, dilations), [batch, frames, side, channels]);
          const sides = sidesOf(filters.length);
          const masks = canceller ? 4 : 2;
          for (let i = filters.length - 1; i >= 0; i--) {
            const skip = skips[i];
            const last = i === 0;
            const name = `up${i + 1}`;
            const y = layers.conv2dTranspose(
              name,
              skip === undefined ? h : tf.concat([h, skip], 3),
              {
                filters: last ? masks : (filters[i - 1] ?? masks),
                kernel: [1, 5],
                stride: [1, 2],
                outputSize: [frames, sides[i] ?? bins],
                bias: false,
                ...(last ? { initializer: faint } : {}),
              },
            );
            h = last ? y : leaky(layers.batchNorm(`${name}/bn`, y));
          }
          h = tf.tanh(tf.add(h, layers.weight('masks/bias', [bins, masks], open)));
          const mask = (i: number, most: number): tf.Tensor =>
            tf.mul(
              tf.reshape(tf.slice(h, [0, 0, 0, i], [batch, frames, bins, 1]), mic.re.shape),
              most,
            );
          const kept = times(mask(0, 1.5), mask(1, 1.5), linear);
          if (!canceller) return signalOf(layers, kept);
          const added = times(mask(2, 0.75), mask(3, 0.75), mic);
          return signalOf(layers, {
            re: tf.add(kept.re, added.re),
            im: tf.add(kept.im, added.im),
          });
        },
      });
    });
  },
});
