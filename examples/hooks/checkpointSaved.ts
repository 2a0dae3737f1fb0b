import { join } from 'node:path';
import { definePlugin, RunDirectoryToken, writeFileAtomic, z } from 'ncn';

export default definePlugin({
  name: 'example.checkpointsaved',
  version: '1.0.0',
  summary: 'writes where the newest checkpoint is, for other programs',
  options: z.strictObject({}),
  setup({ hooks, services }) {
    hooks.checkpointSaved.tap(async ({ path, contentHash }) => {
      const file = join(services.get(RunDirectoryToken).path, 'newest.json');
      await writeFileAtomic(file, Buffer.from(JSON.stringify({ path, contentHash })));
    });
  },
});
