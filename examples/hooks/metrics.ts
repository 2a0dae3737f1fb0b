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
        label: 'Brightness',
        // Neither is better: it only tells what the outputs are like.
        better: null,
        value: ({ output: { data } }) => data.reduce((sum, value) => sum + value, 0) / data.length,
      });
    });
  },
});
