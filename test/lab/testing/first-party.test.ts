import { describe, test } from 'vitest';
import { PluginLoader } from '../../../core/plugins/loader.js';
import { conformance } from '../../../lab/testing/index.js';
import type { TinyExperiment } from '../../../lab/testing/prepare.js';

/** Where a plugin is not tested in the plain tiny preset: what else it needs there. */
const experiments: Readonly<Record<string, TinyExperiment>> = {
  'discriminator.conditional': { preset: 'tiny-gan' },
  'discriminator.vanilla': { preset: 'tiny-gan', without: ['discriminator.conditional'] },
  'loss.adversarial': { preset: 'tiny-gan' },
  'updates.paired': { preset: 'tiny-gan' },
  'updates.unpaired': { preset: 'tiny-gan', without: ['updates.paired'] },
  'optimizer.adamw': { without: ['optimizer.adam'] },
  subset: { values: { 'subset.examples': 50 } },
  pretraining: { preset: 'tiny', values: { 'pretraining.updates': 2 } },
};

/** They read sounds, which the tiny experiment on images has none of. */
const ofSounds = /^speech\.(?!medium)/;

for (const { plugin } of await new PluginLoader().listBuiltIn()) {
  if (ofSounds.test(plugin.name)) {
    test.skip(`the plugin ${plugin.name}: the kit has no tiny experiment on sounds`);
    continue;
  }
  describe(`the plugin ${plugin.name}`, () => {
    for (const { name, run } of conformance(plugin, experiments[plugin.name])) test(name, run);
  });
}
