import { Hook } from '../../../core/hooks/hook.js';
import type { HookSettings } from '../../../core/hooks/guard.js';
import type { TapOrder } from '../../../core/hooks/order.js';

export const settings = (): HookSettings => ({ timeoutSeconds: 0.05, account: new Map() });

export type Wanted = readonly [plugin: string, order?: TapOrder];

/** A sealed hook whose taps each add `plugin` to the payload, or `plugin/2`, … for its further ones. */
export function hookOf(
  taps: readonly Wanted[],
  plugins: Iterable<string> = taps.map(([plugin]) => plugin),
): Hook<string[]> {
  const hook = new Hook<string[]>('h', 'run', '', settings());
  const seen = new Map<string, number>();
  for (const [plugin, order] of taps) {
    const count = (seen.get(plugin) ?? 0) + 1;
    seen.set(plugin, count);
    const label = count === 1 ? plugin : `${plugin}/${count}`;
    hook.tap(plugin, (log) => void log.push(label), order);
  }
  hook.seal(new Set(plugins));
  return hook;
}

/** The taps as they ran. */
export async function orderOf(taps: readonly Wanted[], plugins?: Iterable<string>) {
  const log: string[] = [];
  await hookOf(taps, plugins).call(log);
  return log;
}
