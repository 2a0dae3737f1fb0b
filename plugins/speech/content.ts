import { definePlugin, schedule, tf, toSchedule, z } from 'ncn';
import { compress, stft } from './spectra.js';

const options = z.strictObject({
  weight: schedule().default(1).describe('weight in the loss of the main network'),
  magnitude: z.number().nonnegative().default(0.7).describe('share of compressed magnitudes'),
  complex: z.number().nonnegative().default(0.3).describe('share of compressed complex spectra'),
  siSdr: z
    .number()
    .nonnegative()
    .default(0.0025)
    .describe('weight of the scale-invariant SDR in dB, where there is speech; 0: without'),
});

const squaredError = (a: tf.Tensor, b: tf.Tensor): tf.Scalar =>
  tf.mean<tf.Scalar>(tf.square(tf.sub(a, b)));

/** Below this mean power a target counts as silent. */
const silence = 1e-7;

/** Scale-invariant SDR in dB (Le Roux et al., 2019, equation 3), a mean over examples with speech. */
function siSdr(output: tf.Tensor, target: tf.Tensor): tf.Scalar {
  const sum = (x: tf.Tensor): tf.Tensor => tf.sum(x, [1, 2]);
  const power = sum(tf.square(target));
  const scale = tf.div(sum(tf.mul(output, target)), tf.add(power, 1e-8));
  const wanted = tf.mul(tf.square(scale), power);
  const [batch = 1, samples = 1] = target.shape;
  const error = tf.sub(tf.mul(tf.reshape(scale, [batch, 1, 1]), target), output);
  const ratio = tf.div(tf.add(wanted, 1e-8), tf.add(sum(tf.square(error)), 1e-8));
  const spoken = tf.cast(tf.greater(power, silence * samples), 'float32');
  const decibel = tf.mul(tf.log(ratio), 10 / Math.LN10);
  const count = tf.maximum(tf.sum(spoken), 1);
  return tf.div<tf.Scalar>(tf.sum(tf.mul(decibel, spoken)), count);
}

/**
 * The content loss of speech: differences of spectra whose magnitudes are raised to 0.3 (Ephrat et
 * al., "Looking to listen", 2018; Braun and Tashev, 2020), of the size of the images' L1, so that the
 * post's weights mean the same; and the scale-invariant SDR.
 */
export default definePlugin({
  name: 'speech.content',
  version: '1.0.0',
  summary: 'content loss of speech: compressed spectra and scale-invariant SDR',
  options,
  setup({ hooks, options: o }) {
    hooks.losses.tap(({ add, main }) => {
      add({
        name: 'content',
        network: main,
        weight: toSchedule(o.weight),
        value({ signal, output, metric }) {
          const target = signal('target');
          const [y, s] = [compress(stft(output)), compress(stft(target))];
          const complex = tf.add<tf.Scalar>(squaredError(y.re, s.re), squaredError(y.im, s.im));
          const spectral = tf.add<tf.Scalar>(
            tf.mul(squaredError(y.magnitude, s.magnitude), o.magnitude),
            tf.mul(complex, o.complex),
          );
          if (o.siSdr === 0) return spectral;
          const ratio = siSdr(output, target);
          metric('si_sdr', ratio);
          return tf.sub<tf.Scalar>(spectral, tf.mul(ratio, o.siSdr));
        },
      });
    });
  },
});
