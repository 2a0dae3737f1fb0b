import { definePlugin, z } from 'ncn';

export default definePlugin({
  name: 'example.trainingend',
  version: '1.0.0',
  summary: 'evaluates once more at the end',
  options: z.strictObject({}),
  setup({ hooks }) {
    hooks.trainingEnd.tap(({ control }) => {
      control.evaluate('fixed');
    });
  },
});
