import { z } from 'zod';
import { generateGlyphs } from '../../media/image/data/glyphs.js';
import type { Dataset } from '../../core/data/types.js';
import { definePreset, use, type PluginUse } from '../../core/experiment/preset.js';
import { definePlugin } from '../../core/plugins/plugin.js';
import type { JsonValue as Json } from '../../core/run/json.js';

/** Values that make any preset tiny; those of plugins that it does not use are left out. */
export const tinyValues: Readonly<Record<string, Json>> = {
  dataset: 'tiny',
  batch: 2,
  'generator.resconvnet.width': 2,
  'generator.resconvnet.depth': 1,
  'discriminator.vanilla.width': 1 / 64,
  'discriminator.conditional.width': 1 / 64,
  'subset.examples': 100,
  'evaluation.every': 3,
  'evaluation.examples': 2,
  'evaluation.testExamples': 4,
  'evaluation.testBatch': 2,
  'checkpoints.every': 2,
  'checkpoints.keep': 10,
  'metrics.every': 1,
};

const parts = (middle: readonly PluginUse[]): PluginUse[] => [
  use('image.medium'),
  use('image.metrics'),
  use('augmentation'),
  use('generator.resconvnet'),
  use('loss.content'),
  ...middle,
  use('optimizer.adam', { learningRate: 1e-3 }),
  use('evaluation'),
  use('metrics'),
  use('checkpoints'),
];

/** Presets for tests: nothing in them but what an experiment must have. */
export const tinyPresets = [
  definePreset({
    name: 'tiny',
    summary: 'for tests: a plain network',
    updates: 5,
    batch: 2,
    plugins: parts([use('updates.generator')]),
  }),
  definePreset({
    name: 'tiny-gan',
    summary: 'for tests: a conditional GAN',
    updates: 5,
    batch: 2,
    plugins: parts([
      use('discriminator.conditional'),
      use('loss.adversarial'),
      use('updates.paired'),
    ]),
  }),
];

let glyphs: Promise<Dataset> | undefined;

/** The data set `tiny`: few examples, so that tests start at once. */
export const tinyData = definePlugin({
  name: 'testing.data',
  version: '1.0.0',
  summary: 'a data set of few glyphs',
  options: z.strictObject({}),
  setup({ hooks }) {
    hooks.datasets.tap(({ add }) => {
      add({
        name: 'tiny',
        summary: '120 + 40 glyphs',
        load: async () => ({ ...(await (glyphs ??= generateGlyphs(120, 40))), name: 'tiny' }),
      });
    });
  },
});
