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
        inputs: { image: 1 },
        forward(layers, images) {
          const x = tf.concat(Object.values(images), 3);
          return tf.sigmoid(layers.conv2d('conv', x, { filters: 1, kernel: 3 }));
        },
      });
    });
  },
});
