import { definePlugin, z } from 'ncn';
import { arrayProviders } from 'ncn/media';

/** Arrays of numpy as data sets: signals of any shape. */
export default definePlugin({
  name: 'array.data',
  version: '1.0.0',
  summary: 'data sets of arrays: npz:FILE and npy:DIR',
  options: z.strictObject({}),
  setup({ hooks }) {
    hooks.datasets.tap(({ add }) => {
      for (const provider of arrayProviders) add(provider);
    });
  },
});
