import type { Better } from './model.js';

/** Names of metrics for people, and which way is better. */
const known: Readonly<Record<string, readonly [label: string, better: Better]>> = {
  content: ['Content loss', 'lower'],
  mse: ['Mean squared error', 'lower'],
  crossEntropy: ['Cross-entropy', 'lower'],
  psnr: ['PSNR (dB)', 'higher'],
  ssim: ['SSIM', 'higher'],
  collapseRate: ['Collapse rate', 'lower'],
  black: ['Content loss of black', null],
};

export const metricLabel = (metric: string): string => known[metric]?.[0] ?? metric;

/** Lower where nothing is known of the metric: most are losses. */
export const betterOf = (metric: string): Better => {
  const about = known[metric];
  return about === undefined ? 'lower' : about[1];
};

/** In the order in which people look for them; unknown ones last, by name. */
export function sortMetrics(metrics: Iterable<string>): string[] {
  const order = Object.keys(known);
  const rank = (metric: string): number => {
    const at = order.indexOf(metric);
    return at < 0 ? order.length : at;
  };
  return [...metrics].sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
}
