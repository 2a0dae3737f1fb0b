import { definePlugin, z } from 'ncn';

/** Interrupts the run, or breaks it, at an update: a test's hand on the process. */
export default definePlugin({
  name: 'stopper',
  version: '1.0.0',
  summary: 'stops a run at an update',
  options: z.strictObject({
    at: z.int().default(0),
    how: z.enum(['signal', 'error']).default('signal'),
  }),
  setup({ hooks, options: { at, how } }) {
    hooks.updateEnd.tap(({ update }) => {
      if (update !== at) return;
      if (how === 'error') throw new Error('stopped by a test');
      process.emit('SIGINT');
    });
  },
});
