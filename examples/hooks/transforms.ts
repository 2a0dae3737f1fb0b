import { definePlugin, tf, z } from 'ncn';

export default definePlugin({
  name: 'example.transforms',
  version: '1.0.0',
  summary: 'limits each value of the gradients of the main network',
  options: z.strictObject({}),
  setup({ hooks }) {
    hooks.transforms.tap(({ gradients, main }) => {
      gradients({
        name: 'limit',
        apply: (network, all) =>
          network !== main
            ? all
            : new Map([...all].map(([name, gradient]) => [name, tf.clipByValue(gradient, -1, 1)])),
      });
    });
  },
});
