import { definePlugin, z } from 'ncn';

export default definePlugin({
  name: 'example.runstart',
  version: '1.0.0',
  summary: 'keeps more checkpoints, and evaluates before the first update',
  options: z.strictObject({}),
  setup({ hooks }) {
    hooks.runStart.tap(({ run, control, keepCheckpoints }) => {
      keepCheckpoints(5);
      if (!run.resumed) control.evaluate('fixed');
    });
  },
});
