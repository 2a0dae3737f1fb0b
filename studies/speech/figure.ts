import { meanInterval } from 'ncn/lab';
import { drawPlot } from 'ncn/media';
import { levels, type SpeechRun } from './runs.js';

const colours = { seed: '#9a9a9a', mean: '#1f5fa8' };

/**
 * What each experiment gains over the microphone: a mark for each seed, the mean and its interval.
 * @returns SVG
 */
export function figureOf(runs: readonly SpeechRun[], experiments: readonly string[]) {
  const seeds: [number, string][] = [];
  const means: [number, string][] = [];
  const intervals: object[] = [];
  for (const preset of experiments) {
    const { values } = levels(runs, 'sdrGain', preset);
    const { n, mean, interval } = meanInterval(values);
    if (n === 0) continue;
    seeds.push(...values.map((value): [number, string] => [value, preset]));
    means.push([mean, preset]);
    if (interval === null) continue;
    intervals.push({
      ...{ type: 'line', showSymbol: false, silent: true, color: colours.mean },
      data: interval.map((end) => [end, preset]),
    });
  }
  const scatter = (data: typeof seeds, symbolSize: number, color: string): object => ({
    ...{ type: 'scatter', data, symbolSize, color },
  });
  const option = {
    grid: { left: 190, right: 30, top: 10, bottom: 50 },
    xAxis: {
      ...{ type: 'value', scale: true, name: 'gain in SDRf over the microphone, dB' },
      ...{ nameLocation: 'middle', nameGap: 30, nameTextStyle: { color: '#000000' } },
    },
    yAxis: { type: 'category', data: [...experiments], inverse: true },
    series: [...intervals, scatter(seeds, 5, colours.seed), scatter(means, 9, colours.mean)],
  };
  return drawPlot(option, 760, 60 + 24 * experiments.length);
}
