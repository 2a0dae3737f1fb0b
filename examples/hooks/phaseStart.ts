import { definePlugin, TerminalToken, z } from 'ncn';

export default definePlugin({
  name: 'example.phasestart',
  version: '1.0.0',
  summary: 'says which phase begins',
  options: z.strictObject({}),
  setup({ hooks, services }) {
    hooks.phaseStart.tap(({ phase, update, resumed }) => {
      const how = resumed ? 'goes on' : 'begins';
      services.get(TerminalToken).line(`phase ${phase.name} ${how} after update ${update}`);
    });
  },
});
