import { definePlugin } from 'ncn';
import { others } from './others.js';
import { discriminator, discriminatorOptions } from './network.js';

export default definePlugin({
  name: 'discriminator.vanilla',
  version: '1.0.0',
  summary: 'a discriminator that sees the image alone',
  options: discriminatorOptions,
  replaces: others('discriminator.vanilla'),
  setup({ hooks, options }) {
    hooks.networks.tap(({ add }) => {
      add(discriminator([], options));
    });
  },
});
