import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { definePlugin, z } from 'ncn';

/**
 * Holds jobs back until a test lets them go, on any machine: a job whose name is in no file of the
 * folder `NCN_TEST_GATE` makes forty slow updates, so that it has checkpoints, and then as good as
 * none. Signals still reach it between two updates.
 */
export default definePlugin({
  name: 'test.gate',
  version: '1.0.0',
  summary: 'holds jobs back until they are let go',
  options: z.strictObject({}),
  setup: ({ hooks }) => {
    const gate = process.env['NCN_TEST_GATE'];
    const job = process.argv[process.argv.indexOf('--job') + 1] ?? '';
    hooks.updateEnd.tap(async ({ update }) => {
      const slices = update < 40 ? 2 : 30;
      // Without a gate the hook is there, too: times of hooks are in the logs of a run.
      if (gate === undefined) return;
      for (let i = 0; i < slices && !existsSync(join(gate, job)); i++) await sleep(100);
    });
  },
});
