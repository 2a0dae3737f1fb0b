import { definePlugin, z } from 'ncn';
import { BestToken } from './services.js';

export default definePlugin({
  name: 'example.runend',
  version: '1.0.0',
  summary: 'adds the best content loss to the summary',
  options: z.strictObject({}),
  requires: ['example.services'],
  setup({ hooks, services }) {
    hooks.runEnd.tap(({ summary }) => {
      summary.set('best/content', services.get(BestToken).value());
    });
  },
});
