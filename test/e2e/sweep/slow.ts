import { setTimeout as sleep } from 'node:timers/promises';
import { definePlugin, z } from 'ncn';

/** Waits after each update, as long as the environment says: jobs of a length, on any machine. */
export default definePlugin({
  name: 'test.slow',
  version: '1.0.0',
  summary: 'waits after each update',
  options: z.strictObject({}),
  setup: ({ hooks }) => {
    hooks.updateEnd.tap(() => sleep(Number(process.env['NCN_TEST_SLOW'] ?? 0)));
  },
});
