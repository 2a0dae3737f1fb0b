import { definePlugin, glorotUniform, tf, z, type Initializer, type Layers } from 'ncn';
import { crn, tcn, type MaskNetwork } from './forms.js';
import { bins, compress, framesOf, hop, magnitude, signalOf, type Spectrogram } from './spectra.js';
import { waveform } from './waveform.js';

const options = z.strictObject({
  form: z
    .enum(['crn', 'tcn', 'waveform'])
    .default('crn')
    .describe(
      'crn: encoder and decoder along frequency; tcn: frequencies as channels; waveform: a U-Net on samples, which needs the whole recording',
    ),
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

type Options = z.infer<typeof options>;

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

interface Heard {
  readonly input: tf.Tensor;
  readonly reference: tf.Tensor;
  readonly cancelled: tf.Tensor;
}

/** Masks the spectra of the canceller's output and of the microphone. Latency 32 ms. */
function masked(
  layers: Layers,
  { input, reference, cancelled }: Heard,
  network: MaskNetwork,
  o: Options,
): tf.Tensor {
  const mic = framesOf(layers, 'input', input);
  const linear = o.canceller ? framesOf(layers, 'cancelled', cancelled) : mic;
  const played = framesOf(layers, 'reference', reference);
  const m = compress(mic);
  const l = compress(linear);
  const echo = { re: tf.sub(mic.re, linear.re), im: tf.sub(mic.im, linear.im) };
  const own = o.canceller ? [l.magnitude, l.re, l.im, magnitude(echo)] : [];
  const seen = layers.batchNorm(
    'bn',
    tf.stack([m.magnitude, m.re, m.im, ...own, magnitude(played)], 3),
  );
  const [batch = 1, frames = 1] = seen.shape;
  const masks = o.canceller ? 4 : 2;
  const bare = network(layers, seen, masks, o, faint);
  const h = tf.tanh(tf.add(bare, layers.weight('masks/bias', [bins, masks], open)));
  const mask = (i: number, most: number): tf.Tensor =>
    tf.mul(tf.reshape(tf.slice(h, [0, 0, 0, i], [batch, frames, bins, 1]), mic.re.shape), most);
  const kept = times(mask(0, 1.5), mask(1, 1.5), linear);
  if (!o.canceller) return signalOf(layers, kept);
  const added = times(mask(2, 0.75), mask(3, 0.75), mic);
  return signalOf(layers, { re: tf.add(kept.re, added.re), im: tf.add(kept.im, added.im) });
}

/**
 * The network that takes music and noise away. As `crn` and `tcn` it is causal and can run frame by
 * frame; as `waveform` it needs the whole recording.
 */
export default definePlugin({
  name: 'speech.generator',
  version: '1.1.0',
  summary: 'masks the spectra of microphone and canceller; causal, 0.6 M weights',
  options,
  setup({ hooks, options: o }) {
    hooks.networks.tap(({ add }) => {
      const { form } = o;
      add({
        name: 'generator',
        main: true,
        inputs: { input: 'input', reference: 'reference', cancelled: 'cancelled' },
        anyLength: [0],
        // A frame is complete with its second block, its output with the next frame.
        ...(form === 'waveform' ? {} : { stream: { hop, latency: hop } }),
        forward(layers, heard) {
          if (form === 'waveform') return waveform(layers, heard, o);
          return masked(layers, heard, form === 'crn' ? crn : tcn, o);
        },
      });
    });
  },
});
