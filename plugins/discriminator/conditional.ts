import { definePlugin } from 'ncn';
import { others } from './others.js';
import { discriminator, discriminatorOptions } from './network.js';

export default definePlugin({
  name: 'discriminator.conditional',
  version: '1.0.0',
  summary: 'a discriminator that sees the image together with input and reference',
  options: discriminatorOptions,
  replaces: others('discriminator.conditional'),
  setup({ hooks, options }) {
    hooks.networks.tap(({ add }) => {
      add(discriminator(['input', 'reference'], options));
    });
  },
});
