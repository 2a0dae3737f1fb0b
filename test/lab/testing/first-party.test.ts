import { describe, test } from 'vitest';
import { PluginLoader } from '../../../core/plugins/loader.js';
import type { Plugin } from '../../../core/plugins/plugin.js';
import { conformance } from '../../../lab/testing/index.js';
import type { TinyExperiment } from '../../../lab/testing/prepare.js';
import { long } from '../../support/long.js';

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

/** Of sounds, the smallest experiment that has them all, without what draws. */
const ofSounds = {
  preset: 'speech_conditional_v1',
  without: ['images', 'samples', 'lossgraph', 'tensorboard'],
  values: {
    ...{ dataset: 'speech:embedded', 'speech.data.clips': 1, 'speech.data.testClips': 1 },
    ...{ 'speech.data.seconds': 1, 'speech.data.cutSeconds': 0.125, 'speech.data.rooms': 1 },
    ...{ 'speech.metrics.span': [0.3, 0.99], 'speech.metrics.echoOnly': [0.61, 0.69] },
    ...{ 'speech.dnsmos.span': [0.3, 0.99], 'optimizer.muon.warmUp': 2 },
    ...{ 'speech.generator.filters': [2, 2], 'speech.generator.width': 4 },
    ...{ 'speech.generator.dilations': [1, 2], 'speech.discriminator.width': 2 },
    'speech.discriminator.depth': 2,
  },
} satisfies TinyExperiment;

/** The other networks, by a plain experiment. */
const otherForms = ['tcn', 'waveform'].map((form): [string, TinyExperiment] => {
  const { values, without } = ofSounds;
  const plain = Object.entries(values).filter(([path]) => !path.startsWith('speech.disc'));
  const set = { ...Object.fromEntries(plain), 'speech.generator.form': form };
  return [form, { preset: 'speech_cnn_v1', without, values: set }];
});

/** What tests of their own train on two engines: the kit's many runs of each take minutes. */
const trainedElsewhere = new Set([
  ...['array.data', 'discriminator.spectral', 'generator.dncnn', 'generator.unet'],
  ...['gradients.accumulate', 'log.webhook', 'loss.charbonnier', 'loss.edges', 'loss.multiscale'],
  ...['loss.ssim', 'loss.variation', 'optimizer.lion', 'optimizer.rmsprop', 'optimizer.sgd'],
  ...['pairs', 'regularizer.r1'],
]);
if (!long) {
  console.log('The kit runs on each plugin alone, and on all other plugins, in npm run test:long.');
}

const builtIn = (await new PluginLoader().listBuiltIn()).map(({ plugin }) => plugin);
const speech = builtIn.filter(({ name }) => name.startsWith('speech.'));
const others = builtIn.filter((plugin) => !speech.includes(plugin));
const here = others.filter(({ name }) => long || !trainedElsewhere.has(name));

/** Which experiment a plugin needs: those of one can be in it together. */
const kindOf = ({ name }: Plugin): string => JSON.stringify(experiments[name] ?? {});
const groups = long
  ? here.map((plugin) => [plugin])
  : [...new Set(here.map(kindOf))].map((kind) => here.filter((one) => kindOf(one) === kind));

for (const group of groups) {
  const names = group.map(({ name }) => name);
  describe(`the plugin${group.length === 1 ? '' : 's'} ${names.join(', ')}`, () => {
    for (const { name, run } of conformance(group, experiments[names[0] ?? ''])) {
      test(name, { timeout: 300_000 }, run);
    }
  });
}
if (here.length < others.length) {
  test.skip(`the plugins ${[...trainedElsewhere].join(', ')}: in npm run test:long`);
}

// Each is in the experiment of the others: they share its runs.
describe('the plugins of speech', () => {
  for (const { name, run } of conformance(speech, ofSounds)) test(name, { timeout: 300_000 }, run);
});

const generator = speech.filter(({ name }) => name === 'speech.generator');
describe.each(otherForms)('the speech generator as %s', (_, experiment) => {
  for (const { name, run } of conformance(generator, experiment)) {
    test(name, { timeout: 300_000 }, run);
  }
});
