import { definePlugin, z } from 'ncn';

export default definePlugin({
  name: 'example.networkupdateend',
  version: '1.0.0',
  summary: 'says in the log which network was updated',
  options: z.strictObject({}),
  setup({ hooks, log }) {
    hooks.networkUpdateEnd.tap(({ network, index, phaseUpdate }) => {
      log.debug(`update ${phaseUpdate}: ${network}, number ${index + 1} in the order`);
    });
  },
});
