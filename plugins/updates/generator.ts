import { definePlugin, z } from 'ncn';

/** The main phase of a plain network: each update trains the generator on a batch. */
export default definePlugin({
  name: 'updates.generator',
  version: '1.0.0',
  summary: 'main phase: the generator alone',
  options: z.strictObject({}),
  setup({ hooks }) {
    hooks.phases.tap(({ add, updates }) => {
      add({ name: 'main', updates, order: [{ network: 'generator', batch: 0 }] });
    });
  },
});
