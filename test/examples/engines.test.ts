import { expect, test } from 'vitest';
import { trainExamples } from './support.js';

type Values = Readonly<Record<string, number | string | boolean>>;

/** Plugins and examples that change the training step, some together: options, metrics of theirs. */
const cases: readonly [names: string, colours: boolean, values: Values, metrics: string][] = [
  [
    'generator.unet loss.ssim loss.variation',
    true,
    { 'generator.unet.width': 2, 'generator.unet.attention': true },
    'generator/ssim generator/variation',
  ],
  ['wgan-gp', true, { 'wgan.width': 2, 'wgan.criticUpdates': 2 }, 'discriminator/penalty'],
  [
    'discriminator.patch loss.charbonnier loss.edges loss.multiscale',
    true,
    { 'discriminator.patch.width': 2 },
    'generator/charbonnier generator/edges generator/multiscale discriminator/discrimination',
  ],
  [
    'discriminator.patch',
    false,
    {
      'discriminator.patch.width': 2,
      'discriminator.patch.norm': 'instance',
      'discriminator.patch.output': 'linear',
      'loss.adversarial.kind': 'wasserstein',
    },
    'discriminator/penalty',
  ],
  [
    'discriminator.spectral regularizer.r1',
    true,
    { 'discriminator.spectral.width': 2 },
    'discriminator/discrimination discriminator/r1',
  ],
  [
    'generator.dncnn',
    true,
    { 'generator.dncnn.width': 2, 'generator.dncnn.depth': 3 },
    'generator/content',
  ],
  [
    'gradients.accumulate gradient-centralisation ema warm-restarts',
    false,
    { 'gradients.accumulate.batches': 2 },
    'generator/content',
  ],
];

const both = cases.flatMap(([names, colours, values, metrics]) => [
  [names, 'tiny', values, metrics] as const,
  ...(colours ? [[names, 'colours', values, metrics] as const] : []),
]);

test.each(both)(
  '%s: trains on %s, and the compiled engine agrees with cpu',
  async (together, dataset, given, reported) => {
    const names = together.split(' ');
    const options = { values: { dataset, ...given }, updates: 2 };
    const cpu = await trainExamples('tiny-gan', names, options);
    const compiled = await trainExamples('tiny-gan', names, { ...options, engine: 'compiled' });
    const channels = dataset === 'colours' ? 3 : 1;
    expect(cpu.state.get('generator/output/kernel')?.shape.at(-1)).toBe(channels);
    expect(cpu.metrics).toHaveLength(2);
    for (const [i, expected] of cpu.metrics.entries()) {
      expect([...expected.keys()]).toEqual(expect.arrayContaining(reported.split(' ')));
      for (const [key, value] of expected) {
        expect(Number.isFinite(value), key).toBe(true);
        // A share of images jumps where a value stands at the threshold.
        if (key.endsWith('/accuracy')) continue;
        const got = compiled.metrics[i]?.get(key) ?? NaN;
        expect(Math.abs(got - value), key).toBeLessThan(1e-3 * Math.max(1, Math.abs(value)));
      }
    }
    for (const metric of reported.split(' ')) {
      expect(cpu.metrics[1]?.get(metric)).not.toBe(cpu.metrics[0]?.get(metric));
    }
    expect([...compiled.state.keys()]).toEqual([...cpu.state.keys()]);
  },
);
