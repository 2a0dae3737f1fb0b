import { definePlugin, updateNumber, z } from 'ncn';

const options = z.strictObject({
  updates: updateNumber().default(200_000).describe('updates on the content loss alone'),
});

/** A phase before the main one: the generator learns from the content loss alone. */
export default definePlugin({
  name: 'pretraining',
  version: '1.0.0',
  summary: 'a first phase on the content loss alone, with Adam state of its own',
  options,
  setup({ hooks, options: { updates } }) {
    hooks.phases.tap(
      ({ add, phases, main }) => {
        if (updates === 0) return;
        const order = [{ network: main, batch: 0, terms: ['content'] }];
        add({ name: 'pretraining', updates, order }, phases[0]?.name);
      },
      { stage: 'late' },
    );
  },
});
