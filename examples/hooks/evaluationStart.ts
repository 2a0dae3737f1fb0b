import { definePlugin, z } from 'ncn';

export default definePlugin({
  name: 'example.evaluationstart',
  version: '1.0.0',
  summary: 'says in the log which evaluation begins',
  options: z.strictObject({}),
  setup({ hooks, log }) {
    hooks.evaluationStart.tap(({ name, update }) => {
      log.info(`evaluation '${name}' at update ${update}`);
    });
  },
});
