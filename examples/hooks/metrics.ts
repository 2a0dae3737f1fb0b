import { definePlugin, z } from 'ncn';

export default definePlugin({
  name: 'example.metrics',
  version: '1.0.0',
  summary: 'reports how bright the outputs are',
  options: z.strictObject({}),
  setup({ hooks }) {
    hooks.metrics.tap(({ add }) => {
      add({
        name: 'brightness',
        value: ({ output }) => output.reduce((sum, pixel) => sum + pixel, 0) / output.length,
      });
    });
  },
});
