import { definePlugin, z } from 'ncn';

export default definePlugin({
  name: 'example.configuration',
  version: '1.0.0',
  summary: 'refuses a batch that its loss cannot use',
  options: z.strictObject({ least: z.int().positive().default(2).describe('smallest batch') }),
  setup({ hooks, options: { least } }) {
    hooks.configuration.tap(({ value, reject, note }) => {
      const batch = value('batch');
      if (typeof batch === 'number' && batch < least)
        reject('batch', `at least ${least} is needed`);
      note(`batches of ${String(batch)} examples`);
    });
  },
});
