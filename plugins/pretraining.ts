import { definePlugin, updateNumber, z } from 'ncn';

const options = z.strictObject({
  updates: updateNumber().default(200_000).describe('updates on the content loss alone'),
  terms: z
    .array(z.string())
    .min(1)
    .default(['content'])
    .describe('names of the loss terms of the generator that are minimised: ["charbonnier"]'),
});

/** A phase before the main one: the generator learns from the content loss alone. */
export default definePlugin({
  name: 'pretraining',
  version: '1.0.0',
  summary: 'a first phase on the content loss alone, with Adam state of its own',
  options,
  setup({ hooks, options: { updates, terms } }) {
    hooks.phases.tap(
      ({ add, phases, main }) => {
        if (updates === 0) return;
        const order = [{ network: main, batch: 0, terms }];
        add({ name: 'pretraining', updates, order }, phases[0]?.name);
      },
      { stage: 'late' },
    );
  },
});
