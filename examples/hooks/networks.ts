import { definePlugin, tf, z } from 'ncn';

export default definePlugin({
  name: 'example.networks',
  version: '1.0.0',
  summary: 'adds a network that measures how bright an image is',
  options: z.strictObject({}),
  setup({ hooks }) {
    hooks.networks.tap(({ add }) => {
      add({
        name: 'meter',
        inputs: { image: 'target' },
        forward(layers, { image }) {
          return tf.sigmoid(layers.conv2d('conv', image, { filters: 1, kernel: 3 }));
        },
      });
    });
  },
});
