import { definePlugin, z } from 'ncn';
import { waveMedium } from 'ncn/media';

const options = z.strictObject({
  sampleRate: z
    .int()
    .positive()
    .nullable()
    .default(null)
    .describe('values a second, so that pages can play them; null: they are not played'),
  range: z
    .tuple([z.number(), z.number()])
    .default([-1, 1])
    .describe('values at the bottom and the top of plots'),
});

/** Signals [length, 1] are waves: WAV files, drawn as plots. */
export default definePlugin({
  name: 'wave.medium',
  version: '1.0.0',
  summary: 'reads, writes, plots and plays signals of one dimension',
  options,
  setup({ hooks, options: { sampleRate, range } }) {
    hooks.configuration.tap(({ reject }) => {
      if (range[0] >= range[1]) reject('wave.medium.range', 'the first must be the lower one');
    });
    hooks.media.tap(({ add }) => {
      add(waveMedium({ sampleRate: sampleRate ?? undefined, range }));
    });
  },
});
