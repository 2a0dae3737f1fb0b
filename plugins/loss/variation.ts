import { definePlugin, schedule, toSchedule, z } from 'ncn';
import { roughness } from './differences.js';

/** A term that prefers smooth outputs: the total variation of Rudin, Osher and Fatemi (1992). */
export default definePlugin({
  name: 'loss.variation',
  version: '1.0.0',
  summary: 'total variation of the output, as a loss of the main network',
  options: z.strictObject({ weight: schedule().default(0.01).describe('weight in the loss') }),
  setup({ hooks, options }) {
    hooks.losses.tap(({ add, main }) => {
      add({
        name: 'variation',
        network: main,
        weight: toSchedule(options.weight),
        value: ({ output }) => roughness(output),
      });
    });
  },
});
