import { definePlugin, z } from 'ncn';

export default definePlugin({
  name: 'example.checkpointsave',
  version: '1.0.0',
  summary: 'saves a value of its own, for checkpointRestore',
  options: z.strictObject({}),
  setup({ hooks }) {
    hooks.checkpointSave.tap(({ update, save }) => {
      save('example.checkpointsave', { savedAt: update });
    });
  },
});
