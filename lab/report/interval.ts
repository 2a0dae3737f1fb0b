import type { IntervalModel } from './model.js';

/** `12.3 ± 1.2`: two digits of the interval's half, and as many places of the mean. Used by pages too. */
export function formatInterval({ mean, interval }: IntervalModel, sign = ''): string {
  const half = interval === null ? null : (interval[1] - interval[0]) / 2;
  const places = half === null || half >= 1 ? 1 : half >= 0.1 ? 2 : 3;
  const told = `${mean >= 0 ? sign : ''}${mean.toFixed(places)}`.replace('-', '−');
  return half === null ? told : `${told} ± ${half.toFixed(places)}`;
}
