import { definePlugin, z } from 'ncn';

/** The discriminator is updated on a batch, then the generator on the same batch. */
export default definePlugin({
  name: 'updates.paired',
  version: '1.0.0',
  summary: 'main phase: D, then G on the same batch',
  options: z.strictObject({}),
  setup({ hooks }) {
    hooks.phases.tap(({ add, updates, main }) => {
      add({
        name: 'main',
        updates,
        order: [
          { network: 'discriminator', batch: 0 },
          { network: main, batch: 0 },
        ],
      });
    });
  },
});
