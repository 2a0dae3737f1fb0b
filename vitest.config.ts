import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  resolve: {
    alias: Object.entries({
      ncn: 'core',
      'ncn/engine': 'engines/compiled',
      'ncn/lab': 'lab',
      'ncn/media': 'media',
      'ncn/testing': 'lab/testing',
    }).map(([name, folder]) => ({
      find: new RegExp(`^${name}$`),
      replacement: fileURLToPath(new URL(`./${folder}/index.ts`, import.meta.url)),
    })),
  },
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/temporary.ts'],
    testTimeout: 60_000,
    maxWorkers: 2,
    maxConcurrency: 2,
  },
});
