import { definePlugin, z } from 'ncn';

/** The main phase of a plain network: each update trains the main network on a batch. */
export default definePlugin({
  name: 'updates.generator',
  version: '1.0.0',
  summary: 'main phase: the main network alone',
  options: z.strictObject({}),
  setup({ hooks }) {
    hooks.phases.tap(({ add, updates, main }) => {
      add({ name: 'main', updates, order: [{ network: main, batch: 0 }] });
    });
  },
});
