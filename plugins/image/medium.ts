import { definePlugin, z } from 'ncn';
import { imageMedium } from 'ncn/media';

/** Signals [height, width, 1 or 3] are images: PNG files, drawn as they are. */
export default definePlugin({
  name: 'image.medium',
  version: '1.0.0',
  summary: 'reads, writes and shows images, grey or in colour',
  options: z.strictObject({}),
  setup({ hooks }) {
    hooks.media.tap(({ add }) => {
      add(imageMedium);
    });
  },
});
