import type { z } from 'zod';
import type { Logger } from 'pino';
import type { HookName, Lifecycle, PayloadOf } from '../hooks/lifecycle.js';
import type { Tap } from '../hooks/hook.js';
import type { Launcher } from './launcher.js';
import type { TapOrder } from '../hooks/order.js';
import { badDefinition, unknownHook } from '../errors/loading.js';
import type { Services } from '../services/services.js';
import { hostCopy, type HostCopy } from './host.js';

/** The hooks as one plugin sees them: taps carry its name. */
export type PluginHooks = {
  readonly [K in HookName]: {
    readonly tap: (fn: Tap<PayloadOf<K>>, order?: TapOrder) => void;
  };
};

/** State of a plugin that checkpoints carry. */
export interface Persistence<S> {
  /** Checks what a checkpoint holds before `restore` sees it. */
  readonly schema: z.ZodType<S>;
  readonly save: () => S;
  readonly restore: (state: S) => void;
}

export interface PluginContext<Options> {
  readonly options: Options;
  readonly hooks: PluginHooks;
  /** Services of the run; ask for them inside hooks. */
  readonly services: Services;
  readonly log: Logger;
  /** Makes checkpoints carry this plugin's state; called once. */
  readonly persist: <S>(persistence: Persistence<S>) => void;
}

export interface PluginDefinition<Schema extends z.ZodType = z.ZodType> {
  /** Dotted, lower case; also the path of its options in the configuration: `loss.content`. */
  readonly name: string;
  /** Semantic version. */
  readonly version: string;
  /** One line for `ncn plugins`. */
  readonly summary: string;
  /** Every option with its default and description. */
  readonly options: Schema;
  /** Plugins that must be loaded too. */
  readonly requires?: readonly string[];
  /** Plugins that it takes the place of: they are left out. */
  readonly replaces?: readonly string[];
  /** Plugins that it cannot be used with. */
  readonly conflicts?: readonly string[];
  /** Versions of ncn that it works with; by default its package's peer dependency on ncn. */
  readonly ncn?: string;
  /** May be left out by a plugin that only offers a launcher. */
  readonly setup?: (context: PluginContext<z.output<Schema>>) => void;
  /** Makes what runs the jobs of a sweep: `ncn sweep --launcher NAME`. */
  readonly launcher?: (options: z.output<Schema>) => Launcher;
}

/** A plugin whose options' type is forgotten, as the host handles it. */
export interface Plugin {
  readonly name: string;
  readonly version: string;
  readonly summary: string;
  readonly options: z.ZodType;
  readonly requires: readonly string[];
  readonly replaces: readonly string[];
  readonly conflicts: readonly string[];
  readonly ncn: string | undefined;
  /** The copy of ncn that made it. */
  readonly host: HostCopy;
  /** Parses the options, then sets the plugin up. */
  readonly start: (options: unknown, context: Omit<PluginContext<never>, 'options'>) => void;
  /** Parses the options, then makes the launcher; undefined where the plugin offers none. */
  readonly launcher: ((options: unknown) => Launcher) | undefined;
  /** Marks plugins across copies of ncn. */
  readonly ncnPlugin: 1;
}

/**
 * Declares a plugin. The type of `options` in `setup` follows from the schema.
 * @example export default definePlugin({ name: 'my.loss', version: '1.0.0', summary: '…',
 *   options: z.strictObject({ weight: schedule().default(1) }), setup({ hooks, options }) { … } })
 */
export function definePlugin<Schema extends z.ZodType>(
  definition: PluginDefinition<Schema>,
): Plugin {
  const { name, version, summary, options, setup, launcher } = definition;
  if (typeof (setup ?? launcher) !== 'function') {
    throw badDefinition(name, 'setup', 'must be a function');
  }
  return {
    name,
    version,
    summary,
    options,
    requires: definition.requires ?? [],
    replaces: definition.replaces ?? [],
    conflicts: definition.conflicts ?? [],
    ncn: definition.ncn,
    host: hostCopy,
    start: (given, context) => {
      const result: unknown = setup?.({ ...context, options: options.parse(given) });
      if (!(result instanceof Promise)) return;
      // Nobody waits for it: its failure is this one.
      result.catch(() => undefined);
      throw badDefinition(name, 'setup', 'must not be async: what it awaits belongs into a hook');
    },
    launcher: launcher && ((given) => launcher(options.parse(given))),
    ncnPlugin: 1,
  };
}

/** Binds hooks to a plugin's name. */
export function hooksFor(plugin: string, lifecycle: Lifecycle): PluginHooks {
  const bind = <K extends HookName>(name: K): PluginHooks[K] => {
    const hook: { tap(p: string, f: Tap<PayloadOf<K>>, o?: TapOrder): void } = lifecycle[
      name
    ] as never;
    const bound: { tap(fn: Tap<PayloadOf<K>>, order?: TapOrder): void } = {
      tap: (fn, order) => hook.tap(plugin, fn, order),
    };
    return bound as PluginHooks[K];
  };
  const hooks = Object.fromEntries(
    lifecycle.all.map((hook) => [hook.name, bind(hook.name as HookName)]),
  );
  return new Proxy(hooks, {
    get(known, name): unknown {
      if (typeof name === 'symbol' || name in known) return Reflect.get(known, name);
      throw unknownHook(plugin, name, Object.keys(known));
    },
  }) as unknown as PluginHooks;
}
