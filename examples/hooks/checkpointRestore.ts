import { definePlugin, z } from 'ncn';

export default definePlugin({
  name: 'example.checkpointrestore',
  version: '1.0.0',
  summary: 'says on resume what the checkpoint holds of another plugin',
  options: z.strictObject({}),
  setup({ hooks, log }) {
    hooks.checkpointRestore.tap(({ update, state }) => {
      log.info(`update ${update}: metrics had saved ${JSON.stringify(state('metrics'))}`);
    });
  },
});
