import colours from 'picocolors';
import { formatCount, formatDuration, formatMetric } from './format.js';

export interface Progress {
  readonly phase: string;
  readonly update: number;
  readonly totalUpdates: number;
  /** The most important first: where there is no room, the last are left out. */
  readonly metrics: readonly (readonly [name: string, value: number])[];
  readonly updatesPerSecond: number;
}

const barWidth = 24;

/**
 * One line that says how far a run is: phase, bar, updates, losses, speed, time left.
 * @param columns of the terminal; without them nothing is left out, and no bar is drawn
 */
export function progressLine(
  { phase, update, totalUpdates, metrics, updatesPerSecond }: Progress,
  columns?: number,
  { bold, cyan, dim } = colours.createColors(false),
): string {
  const share = totalUpdates === 0 ? 1 : update / totalUpdates;
  const rate = updatesPerSecond.toFixed(updatesPerSecond < 10 ? 2 : 0);
  const left = formatDuration((totalUpdates - update) / updatesPerSecond);
  const count = `${formatCount(update)}/${formatCount(totalUpdates)} ${Math.floor(100 * share)} %`;
  const speed = `${rate} updates/s, ${left} left`;
  const shown = metrics.map(([name, value]) => `${name} ${formatMetric(value)}`);
  if (columns === undefined) return [phase, count, ...shown, speed].join('  ');
  // A line as wide as the terminal may wrap.
  let room = columns - 1 - [phase, count, speed].join('  ').length;
  const fits = shown.filter((text) => {
    room -= room < 0 ? 0 : text.length + 2;
    return room >= 0;
  });
  const used = [phase, count, ...fits, speed].join('  ').length;
  const withBar = used + barWidth + 2 < columns;
  const filled = Math.round(share * barWidth);
  const bar = cyan('━'.repeat(filled)) + dim('─'.repeat(barWidth - filled));
  const line = [bold(phase), ...(withBar ? [bar] : []), count, ...fits, dim(speed)];
  return used < columns ? line.join('  ') : `${phase}  ${count}`.slice(0, Math.max(0, columns - 1));
}
