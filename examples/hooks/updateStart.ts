import { definePlugin, z } from 'ncn';

export default definePlugin({
  name: 'example.updatestart',
  version: '1.0.0',
  summary: 'evaluates when the weight of the content loss changes',
  options: z.strictObject({}),
  setup({ hooks }) {
    let before: number | undefined;
    hooks.updateStart.tap(({ run, scalars, control }) => {
      const weight = scalars.get(`weight/${run.main}/content`);
      if (before !== undefined && weight !== before) control.evaluate('fixed');
      before = weight;
    });
  },
});
