import { definePlugin, z } from 'ncn';

export default definePlugin({
  name: 'speech.medium',
  version: '1.0.0',
  summary: 'players',
  options: z.strictObject({}),
  setup() { return; },
});
