import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/**
 * Each in a process of its own: they start programs, change the working directory or the
 * environment, or load drivers that may take the process along. All other files share a process, and with it what
 * they load.
 */
const apart = ['test/e2e/**/*.test.ts', 'test/engines/**/*.test.ts'];

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
    globalSetup: ['test/support/temporary.ts'],
    // A machine may be busy with other tests, or with the linter.
    expect: { poll: { timeout: 20_000 } },
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Networks here are so small that an engine's threads would wait for each other, and for those of another test.
    env: { OMP_NUM_THREADS: '1' },
    maxWorkers: 2,
    maxConcurrency: 2,
    projects: [
      { extends: true, test: { name: 'apart', include: apart } },
      {
        extends: true,
        test: { name: 'together', include: ['test/**/*.test.ts'], exclude: apart, isolate: false },
      },
    ],
  },
});
