import { definePlugin, z, type Plugin, type PluginContext } from '../../core/index.js';

/** A plugin of a test: its name is `test`, unless it is one of several. */
export const pluginOf = (setup: (context: PluginContext<object>) => void, name = 'test'): Plugin =>
  definePlugin({
    name,
    version: '1.0.0',
    summary: 'a part of a test',
    options: z.strictObject({}),
    setup,
  });
