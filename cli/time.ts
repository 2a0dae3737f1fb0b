import type { Terminal } from '../core/services/terminal.js';

/** Says how long the taps of each plugin took in all, the slowest first. */
export function reportTime(terminal: Terminal, time: ReadonlyMap<string, number>): void {
  const seconds = [...time]
    .map(([plugin, milliseconds]): [string, number] => [plugin, milliseconds / 1000])
    .sort(([, a], [, b]) => b - a);
  const total = seconds.reduce((sum, [, value]) => sum + value, 0);
  const shown = seconds
    .filter(([, value]) => value >= 0.005)
    .map(([plugin, value]) => `${plugin} ${value.toFixed(2)} s`);
  terminal.line(`  in hooks: ${[`${total.toFixed(2)} s in all`, ...shown].join(', ')}`);
  terminal.event({ type: 'time', hooks: Object.fromEntries(seconds) });
}
