import { definePlugin, z } from 'ncn';

export default definePlugin({
  name: 'example.networkupdatestart',
  version: '1.0.0',
  summary: 'counts the updates that networks are about to get',
  options: z.strictObject({}),
  setup({ hooks, persist }) {
    const counts = new Map<string, number>();
    hooks.networkUpdateStart.tap(({ network }) => {
      counts.set(network, (counts.get(network) ?? 0) + 1);
    });
    persist({
      schema: z.record(z.string(), z.int()),
      save: () => Object.fromEntries(counts),
      restore(saved) {
        for (const [network, count] of Object.entries(saved)) counts.set(network, count);
      },
    });
  },
});
