import { definePlugin, tf, z } from 'ncn';

const options = z.strictObject({
  target: z
    .enum(['scaled', 'constant'])
    .default('scaled')
    .describe('scaled: a·speech, as it is in the mixture. constant: speech of one level'),
  reference: z
    .enum(['played', 'scaled'])
    .default('played')
    .describe('played: as it was played. scaled: b·reference, as loud as its echo'),
  level: z
    .tuple([z.number(), z.number()])
    .default([-12, 4])
    .describe('range of a further gain in training, dB, one for each example'),
  rms: z.number().positive().default(0.1).describe('constant: level of the target'),
});

/** RMS of each example, [batch, 1, 1]; never zero. */
const rms = (x: tf.Tensor): tf.Tensor => tf.sqrt(tf.add(tf.mean(tf.square(x), [1, 2], true), 1e-8));

/**
 * What the smart speaker's network sees: microphone = a·speech + b·echo + noise, the reference as it
 * was played, and the microphone behind the linear canceller; at any scale.
 */
export default definePlugin({
  name: 'speech.mixture',
  version: '1.0.0',
  summary: 'a person, known music and noise at any scale, with the canceller’s output',
  options,
  setup({ hooks, options: o }) {
    const [low, high] = o.level;
    hooks.augmentation.tap(({ set }) => {
      set({
        name: 'speech mixture',
        takes: {
          microphone: { signal: 'microphone' },
          reference: { signal: 'reference' },
          target: { signal: 'target' },
          cancelled: { signal: 'cancelled' },
          echo: { signal: 'echo' },
          conditions: { signal: 'conditions' },
        },
        draws: { level: { per: 'example', of: 'microphone', low, high } },
        makes: ['input', 'reference', 'cancelled', 'target'],
        apply({ microphone, reference, target, cancelled, echo }, { level }, mode) {
          const decibel = Math.log(10) / 20;
          const gain = mode === 'train' ? tf.exp(tf.mul(level, decibel)) : tf.onesLike(level);
          const scaled = tf.mul(target, gain);
          const share = tf.div(tf.mul(rms(echo), gain), rms(reference));
          return {
            input: tf.mul(microphone, gain),
            cancelled: tf.mul(cancelled, gain),
            reference: o.reference === 'played' ? reference : tf.mul(reference, share),
            target: o.target === 'scaled' ? scaled : tf.mul(target, tf.div(o.rms, rms(target))),
          };
        },
      });
    });
  },
});
