import { definePlugin, updateNumber, z } from 'ncn';

export default definePlugin({
  name: 'example.phases',
  version: '1.0.0',
  summary: 'adds a short phase before the others, on the content loss',
  options: z.strictObject({
    updates: updateNumber().default(100).describe('updates of the phase'),
  }),
  requires: ['loss.content'],
  setup({ hooks, options: { updates } }) {
    hooks.phases.tap(
      ({ add, phases, main }) => {
        const order = [{ network: main, batch: 0, terms: ['content'] }];
        add({ name: 'warm-up', updates, order }, phases[0]?.name);
      },
      { stage: 'late' },
    );
  },
});
