import { definePlugin, z } from 'ncn';
import { BestToken } from './services.js';

export default definePlugin({
  name: 'example.evaluationend',
  version: '1.0.0',
  summary: 'reports to a service that another plugin provides',
  options: z.strictObject({}),
  requires: ['example.services'],
  setup({ hooks, services }) {
    hooks.evaluationEnd.tap(({ name, result }) => {
      const content = result.metrics.get('content');
      if (name === 'fixed' && content !== undefined) services.get(BestToken).report(content);
    });
  },
});
