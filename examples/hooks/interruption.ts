import { definePlugin, TerminalToken, z } from 'ncn';

export default definePlugin({
  name: 'example.interruption',
  version: '1.0.0',
  summary: 'says how to go on',
  options: z.strictObject({}),
  setup({ hooks, services }) {
    hooks.interruption.tap(({ run, update, signal }) => {
      const terminal = services.get(TerminalToken);
      terminal.line(`${signal} at update ${update}: ncn resume ${run.directory}`);
    });
  },
});
