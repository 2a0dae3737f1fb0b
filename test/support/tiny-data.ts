import { definePlugin, z } from 'ncn';
import { generateGlyphs } from '../../core/data/glyphs.js';

/** A data set of few images, so that tests start at once. */
export default definePlugin({
  name: 'tinydata',
  version: '1.0.0',
  summary: 'few glyphs',
  options: z.strictObject({}),
  setup({ hooks }) {
    hooks.datasets.tap(({ add }) => {
      add({
        name: 'tiny',
        summary: '120 + 40 glyphs',
        load: async () => ({ ...(await generateGlyphs(120, 40)), name: 'tiny' }),
      });
    });
  },
});
