import { definePlugin, z } from 'ncn';

/**
 * Interrupts the run, or breaks it, at an update: a test's hand on the process. `NCN_TEST_STOP_AT`
 * does so without a trace in the configuration.
 */
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
      if (update !== at && update !== Number(process.env['NCN_TEST_STOP_AT'])) return;
      if (how === 'error') throw new Error('stopped by a test');
      process.emit('SIGINT');
    });
  },
});
