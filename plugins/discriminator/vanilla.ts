import { definePlugin } from 'ncn';
import { discriminator, discriminatorOptions } from './network.js';

export default definePlugin({
  name: 'discriminator.vanilla',
  version: '1.0.0',
  summary: 'a discriminator that sees the image alone',
  options: discriminatorOptions,
  setup({ hooks, options }) {
    hooks.networks.tap(({ add }) => {
      add(discriminator([], options));
    });
  },
});
