import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openExperiment, tf, use, type ExperimentOptions } from '../../core/index.js';
import { plain, runFolder, tiny } from '../core/open/support.js';
import { pluginOf } from '../support/plugin.js';

/** Gradients that are no numbers, of losses that are. */
const broken = pluginOf(({ hooks }) => {
  hooks.transforms.tap(({ gradients }) => {
    gradients({
      name: 'broken',
      apply: (_, all) => new Map([...all].map(([name, g]) => [name, tf.mul(g, NaN)])),
    });
  });
});

const far = { 'optimizer.adam.learningRate': 1e38 };

test.each<[string, number, ExperimentOptions, RegExp]>([
  [
    'of the last update',
    5,
    { set: { ...far, updates: 4 }, without: ['evaluation'] },
    /at update 4: [^:]*loss[^:]* = NaN/,
  ],
  ['that no loss shows', 1, { set: { ...far, updates: 1 } }, /at update 1: output of 'fixed' = /],
  [
    'of weights alone',
    1,
    { set: { updates: 1 }, plugins: [broken], without: ['evaluation'] },
    /at update 1: generator\/[a-z0-9/]* = NaN\.$/,
  ],
])('a divergence %s ends the run', async (_, every, options, told) => {
  const plugins = [...tiny.plugins, use('guard', { every })];
  const experiment = await openExperiment({ ...tiny, plugins }, { ...plain, ...options });
  const directory = runFolder();
  const training = experiment.train({ directory });
  await expect(training).rejects.toMatchObject({ code: 'NCN_DIVERGED' });
  await expect(training).rejects.toThrow(told);
  await experiment.close();
  expect(existsSync(join(directory, 'divergence.json'))).toBe(true);
});
