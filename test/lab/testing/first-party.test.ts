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
  'discriminator.patch': {
    preset: 'tiny-gan',
    values: { 'discriminator.patch.width': 2 },
  },
  'discriminator.spectral': { preset: 'tiny-gan', values: { 'discriminator.spectral.width': 2 } },
  'generator.dncnn': { values: { 'generator.dncnn.width': 2, 'generator.dncnn.depth': 3 } },
  'generator.unet': { values: { 'generator.unet.width': 2, 'generator.unet.attention': true } },
  'log.webhook': { values: { 'log.webhook.url': 'http://127.0.0.1:9/' } },
  'optimizer.adamw': { without: ['optimizer.adam'] },
  pairs: { values: { 'pairs.roles': { input: 'image', reference: 'image', target: 'image' } } },
  'regularizer.r1': { preset: 'tiny-gan' },
  'optimizer.muon': { without: ['optimizer.adam'] },
  subset: { values: { 'subset.examples': 50 } },
  pretraining: { preset: 'tiny', values: { 'pretraining.updates': 2 } },
};

/** Those of sounds, in the smallest experiment that has them all, without what draws. */
const ofSounds: TinyExperiment = {
  preset: 'speech_conditional_v1',
  without: ['images', 'samples', 'lossgraph', 'tensorboard'],
  values: {
    ...{ dataset: 'speech:embedded', 'speech.data.clips': 2, 'speech.data.testClips': 1 },
    ...{ 'speech.data.rooms': 1, 'speech.data.cutSeconds': 0.5, 'evaluation.examples': 1 },
    ...{ 'speech.generator.filters': [2, 2], 'speech.generator.width': 4 },
    ...{ 'speech.generator.dilations': [1, 2], 'speech.discriminator.width': 2 },
    'speech.discriminator.depth': 2,
    // They take seconds a clip of ten.
    'speech.metrics.leaveOut': [
      ...['sdr', 'sdrGain', 'sdrMicrophone', 'sdrCanceller', 'leak', 'collapseRate'],
      ...['stoi', 'estoi', 'stoiCanceller', 'estoiCanceller'],
    ],
  },
};

/** A clip to evaluate on has ten seconds, and tf.js's own backends are slow at it. */
const long = process.env['NCN_LONG'] === '1';

/** What tests of their own train on two engines: the kit's many runs of each take minutes. */
const trainedElsewhere = new Set([
  ...['array.data', 'discriminator.spectral', 'generator.dncnn', 'generator.unet'],
  ...['gradients.accumulate', 'log.webhook', 'loss.charbonnier', 'loss.edges', 'loss.multiscale'],
  ...['loss.ssim', 'loss.variation', 'optimizer.lion', 'optimizer.rmsprop', 'optimizer.sgd'],
  ...['pairs', 'regularizer.r1'],
]);
if (!long) console.log('The kit runs on all plugins, those of speech too, in npm run test:long.');

for (const { plugin } of await new PluginLoader().listBuiltIn()) {
  const usual = plugin.name.startsWith('speech.') ? ofSounds : undefined;
  if ((usual !== undefined || trainedElsewhere.has(plugin.name)) && !long) {
    test.skip(`the plugin ${plugin.name}: in npm run test:long`);
    continue;
  }
  describe(`the plugin ${plugin.name}`, () => {
    const checks = conformance(plugin, experiments[plugin.name] ?? usual);
    for (const { name, run } of checks) test(name, { timeout: 300_000 }, run);
  });
}
