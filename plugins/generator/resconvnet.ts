import { definePlugin, tf, z, type NetworkDefinition } from 'ncn';
import { others } from './others.js';

const options = z.strictObject({
  width: z.int().positive().default(128).describe('filters of the inner convolutions'),
  depth: z.int().nonnegative().default(4).describe('number of residual blocks'),
});

/** The generator of figure 7. */
export function resConvNet({
  width,
  depth,
}: z.output<typeof options>): NetworkDefinition<'input' | 'reference'> {
  return {
    name: 'generator',
    main: true,
    inputs: { input: 'input', reference: 'reference' },
    forward(layers, { input, reference }) {
      const seen = tf.concat([input, reference], 3);
      const block = (name: number, x: tf.Tensor, filters: number): tf.Tensor =>
        tf.elu(
          layers.batchNorm(`bn${name}`, layers.conv2d(`conv${name}`, x, { filters, kernel: 3 })),
        );
      let h = block(1, seen, width);
      for (let i = 0; i < depth; i++) h = tf.add(block(i + 2, h, width), h);
      // The long skip: before training, the output resembles the reference and the input.
      const skipped = tf.add(block(depth + 2, h, seen.shape[3] ?? 2), seen);
      const channels = input.shape.at(-1) ?? 1;
      return tf.sigmoid(layers.conv2d('output', skipped, { filters: channels, kernel: 3 }));
    },
  };
}

export default definePlugin({
  name: 'generator.resconvnet',
  version: '1.0.0',
  summary: 'the residual conv net of the post',
  options,
  replaces: others('generator.resconvnet'),
  setup({ hooks, options: o }) {
    hooks.networks.tap(({ add }) => {
      add(resConvNet(o));
    });
  },
});
