import { join } from 'node:path';
import { definePlugin, writeFileAtomic, z } from 'ncn';

export default definePlugin({
  name: 'example.failure',
  version: '1.0.0',
  summary: 'writes what went wrong beside the run',
  options: z.strictObject({}),
  setup({ hooks }) {
    hooks.failure.tap(async ({ run, update, error }) => {
      const text = `update ${update}: ${error instanceof Error ? error.message : String(error)}`;
      await writeFileAtomic(join(run.directory, 'failure.txt'), Buffer.from(text));
    });
  },
});
