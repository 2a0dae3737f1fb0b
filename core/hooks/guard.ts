import { pluginHung, pluginThrew } from '../errors/plugin.js';
import { timerOf } from '../services/timers.js';

/** How long taps took, by plugin (milliseconds). */
export type TimeAccount = Map<string, number>;

export interface HookSettings {
  /** Seconds after which an unfinished tap is an error. */
  timeoutSeconds: number;
  /** Called around each tap, for tracing. */
  trace?: (hook: string, plugin: string, milliseconds: number) => void;
  readonly account: TimeAccount;
  /** The plugin whose tap is running: whoever contributes something now. */
  running?: string | undefined;
}

/**
 * A tap that is timed and bounded in time, and whose errors name the plugin and the hook.
 * @param fn may return a promise, or anything else, which is ignored
 */
export function guard<Payload>(
  hook: string,
  plugin: string,
  fn: (payload: Payload) => unknown,
  settings: HookSettings,
): (payload: Payload) => Promise<void> {
  return async (payload) => {
    const start = performance.now();
    const outer = settings.running;
    settings.running = plugin;
    try {
      const pending = fn(payload);
      if (pending !== undefined) await withinBudget(hook, plugin, pending, settings.timeoutSeconds);
    } catch (error) {
      throw pluginThrew(plugin, hook, error);
    } finally {
      settings.running = outer;
      const took = performance.now() - start;
      settings.account.set(plugin, (settings.account.get(plugin) ?? 0) + took);
      settings.trace?.(hook, plugin, took);
    }
  };
}

/**
 * Work that a plugin left to be done beside others: bounded in time as a tap is, and its errors name the plugin and
 * the hook. It is not the running tap, and its time is not counted: the run goes on meanwhile.
 */
export async function guardedBeside(
  hook: string,
  plugin: string,
  work: () => Promise<void>,
  { timeoutSeconds }: Pick<HookSettings, 'timeoutSeconds'>,
): Promise<void> {
  try {
    await withinBudget(hook, plugin, work(), timeoutSeconds);
  } catch (error) {
    throw pluginThrew(plugin, hook, error);
  }
}

async function withinBudget(
  hook: string,
  plugin: string,
  pending: unknown,
  seconds: number,
): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const expiry = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(pluginHung(plugin, hook, seconds)), timerOf(seconds));
  });
  try {
    await Promise.race([pending, expiry]);
  } finally {
    clearTimeout(timer);
  }
}
