import { createLog } from '../../core/services/log.js';
import { Services } from '../../core/services/services.js';
import { Terminal } from '../../core/services/terminal.js';
import type { PluginHooks, Plugin } from '../../core/plugins/plugin.js';
import { Lifecycle } from '../../core/hooks/lifecycle.js';
import { hooksFor } from '../../core/plugins/plugin.js';

export interface Taps {
  /** Hooks that the plugin taps with default options, in the order in which they fire. */
  readonly hooks: readonly string[];
  /** Whether checkpoints carry state of it. */
  readonly persists: boolean;
}

/** Sets a plugin up with its default options and notes what it taps. */
export function tapsOf(plugin: Plugin): Taps {
  const lifecycle = new Lifecycle();
  const hooks: PluginHooks = hooksFor(plugin.name, lifecycle);
  let persists = false;
  plugin.start(
    {},
    {
      hooks,
      services: new Services(),
      log: createLog(new Terminal('quiet')).logger,
      persist: () => (persists = true),
    },
  );
  lifecycle.seal(new Set([plugin.name]));
  const tapped = lifecycle.all.filter(({ effective }) => effective.length > 0);
  return { hooks: tapped.map(({ name }) => name), persists };
}
