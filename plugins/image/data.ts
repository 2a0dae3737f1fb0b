import { definePlugin, z } from 'ncn';
import { imageProviders } from 'ncn/media';

/** Digits and their like, any folder with IDX files, and pairs of PNG files. */
export default definePlugin({
  name: 'image.data',
  version: '1.0.0',
  summary:
    'data sets of images: digits (the default), mnist, fashion-mnist, emnist:PART, glyphs, idx:DIR, pairs:DIR',
  options: z.strictObject({}),
  setup({ hooks }) {
    hooks.datasets.tap(({ add }) => {
      for (const provider of imageProviders())
        add(provider, { default: provider.name === 'digits' });
    });
  },
});
