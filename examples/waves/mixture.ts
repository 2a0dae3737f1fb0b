import { definePlugin, tf, z } from 'ncn';

/** What a microphone hears: the tones that are wanted, those of somebody else, and noise. */
export default definePlugin({
  name: 'waves.mixture',
  version: '1.0.0',
  summary: 'input = tones + level·reference + loudness·noise; the target is the tones',
  options: z.strictObject({
    level: z
      .tuple([z.number(), z.number()])
      .default([0.5, 1])
      .describe('range of the level of the reference, drawn for each example'),
    loudness: z
      .array(z.number().nonnegative())
      .min(1)
      .default([0, 0.02, 0.05])
      .describe('loudnesses of the noise, one of which is drawn for each example'),
  }),
  setup({ hooks, options: { level, loudness } }) {
    const [low, high] = level;
    hooks.augmentation.tap(({ set }) => {
      set({
        name: 'waves',
        // All of one sequence of examples (there is no other): the three belong together.
        takes: {
          tones: { signal: 'tones' },
          reference: { signal: 'reference' },
          noise: { signal: 'noise' },
        },
        draws: {
          level: { per: 'example', low, high },
          loudness: { per: 'example', distribution: 'choice', values: loudness },
        },
        makes: ['input', 'reference', 'target'],
        apply({ tones, reference, noise }, draws) {
          const heard = tf.add(tones, tf.mul(reference, draws.level));
          const input = tf.add(heard, tf.mul(noise, draws.loudness));
          return { input, reference, target: tones };
        },
      });
    });
  },
});
