import { definePlugin, z } from 'ncn';

const options = z.strictObject({
  discriminatorUpdates: z
    .int()
    .positive()
    .default(1)
    .describe('updates of D, each on a batch of its own, before each of G'),
});

/** The discriminator is updated on a batch, then the generator on a fresh one. */
export default definePlugin({
  name: 'updates.unpaired',
  version: '1.0.0',
  summary: 'main phase: D on a batch, G on a fresh one',
  options,
  setup({ hooks, options: { discriminatorUpdates: count } }) {
    hooks.phases.tap(({ add, updates, main }) => {
      const critics = Array.from({ length: count }, (_, batch) => ({
        network: 'discriminator',
        batch,
      }));
      add({ name: 'main', updates, order: [...critics, { network: main, batch: count }] });
    });
  },
});
