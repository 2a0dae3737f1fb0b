import { definePlugin, z } from 'ncn';

export default definePlugin({
  name: 'example.updateend',
  version: '1.0.0',
  summary: 'stops the run when the content loss is low enough',
  options: z.strictObject({ enough: z.number().default(0.005).describe('loss at which to stop') }),
  setup({ hooks, options: { enough } }) {
    hooks.updateEnd.tap(async ({ run, metrics, control }) => {
      const content = (await metrics()).get(`${run.main}/content`);
      if (content !== undefined && content < enough) control.stop(`content below ${enough}`);
    });
  },
});
