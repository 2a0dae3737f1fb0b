import { definePlugin, z } from 'ncn';
import { imageProviders } from 'ncn/media';

/** Handwritten digits and their like: MNIST, the embedded glyphs, any folder with IDX files. */
export default definePlugin({
  name: 'image.data',
  version: '1.0.0',
  summary: 'data sets of grey images: digits (the default), mnist, glyphs, idx:DIR',
  options: z.strictObject({}),
  setup({ hooks }) {
    hooks.datasets.tap(({ add }) => {
      for (const provider of imageProviders())
        add(provider, { default: provider.name === 'digits' });
    });
  },
});
