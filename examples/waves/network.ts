import { definePlugin, tf, z } from 'ncn';

/**
 * A small residual network of dilated causal convolutions, in the manner of WaveNet (van den Oord et
 * al., 2016): no output depends on what follows, and each block looks back twice as far.
 */
export default definePlugin({
  name: 'waves.network',
  version: '1.0.0',
  summary: 'a dilated residual network on waveforms',
  options: z.strictObject({
    width: z.int().positive().default(8).describe('filters of every layer'),
    depth: z.int().positive().default(5).describe('residual blocks; the last looks back furthest'),
  }),
  setup({ hooks, options: { width, depth } }) {
    hooks.networks.tap(({ add }) => {
      add({
        name: 'canceller',
        main: true,
        inputs: { input: 'input', reference: 'reference' },
        // Causal: it can run on a recording of any length, and in pieces as they come.
        anyLength: [0],
        stream: { hop: 16, latency: 0 },
        forward(layers, { input, reference }) {
          const seen = tf.concat([input, reference], 2);
          let h = tf.elu(
            layers.conv1d('first', seen, { filters: width, kernel: 3, pad: 'causal' }),
          );
          for (let i = 0; i < depth; i++) {
            const options = { filters: width, kernel: 3, dilation: 2 ** i, pad: 'causal' } as const;
            h = tf.add(h, tf.elu(layers.conv1d(`block${i + 1}`, h, options)));
          }
          // What is to be taken away.
          const rest = layers.conv1d('rest', h, { filters: 1, kernel: 1 });
          return tf.sub(input, rest);
        },
      });
    });
  },
});
