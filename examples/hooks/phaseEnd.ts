import { definePlugin, z } from 'ncn';

export default definePlugin({
  name: 'example.phaseend',
  version: '1.0.0',
  summary: 'says in the log that a phase ended',
  options: z.strictObject({}),
  setup({ hooks, log }) {
    hooks.phaseEnd.tap(({ phase, update }) => {
      log.info(`phase ${phase.name} ended at update ${update}`);
    });
  },
});
