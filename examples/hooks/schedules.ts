import { definePlugin, updateNumber, z } from 'ncn';

export default definePlugin({
  name: 'example.schedules',
  version: '1.0.0',
  summary: 'lets every weight of a loss rise over the first updates',
  options: z.strictObject({
    updates: updateNumber().default(1000).describe('updates of the rise'),
  }),
  setup({ hooks, options: { updates } }) {
    hooks.schedules.tap(({ scalars, replace }) => {
      for (const scalar of scalars.filter((name) => name.startsWith('weight/'))) {
        replace(scalar, (update, declared) => declared * Math.min(1, update / updates));
      }
    });
  },
});
