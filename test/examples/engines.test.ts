import { expect, test } from 'vitest';
import { trainExamples } from './support.js';

/** Examples that change the training step: name, options that make them tiny, a metric of theirs. */
const cases: readonly [name: string, values: Record<string, number>, metric: string][] = [
  ['unet', { 'generator.unet.width': 2 }, 'generator/content'],
  ['wgan-gp', { 'wgan.width': 2, 'wgan.criticUpdates': 2 }, 'discriminator/penalty'],
  ['patchgan', { 'discriminator.patch.width': 2 }, 'discriminator/discrimination'],
  ['spectral-norm', { 'discriminator.spectral.width': 2 }, 'discriminator/discrimination'],
  ['ssim-loss', {}, 'generator/ssim'],
  ['total-variation', {}, 'generator/variation'],
  ['gradient-centralisation', {}, 'generator/content'],
  ['weight-average', {}, 'generator/content'],
  ['warm-restarts', {}, 'generator/content'],
];

/** Those that must work for any number of channels. */
const inColour = new Set([
  'unet',
  'wgan-gp',
  'patchgan',
  'spectral-norm',
  'ssim-loss',
  'total-variation',
]);

const both = cases.flatMap(([name, values, metric]) => [
  [name, 'tiny', values, metric] as const,
  ...(inColour.has(name) ? [[name, 'colours', values, metric] as const] : []),
]);

test.each(both)(
  '%s trains on %s, and the compiled engine agrees with cpu',
  async (name, dataset, given, metric) => {
    const options = { values: { dataset, ...given }, updates: 2 };
    const cpu = await trainExamples('tiny-gan', [name], options);
    const compiled = await trainExamples('tiny-gan', [name], { ...options, engine: 'compiled' });
    const channels = dataset === 'colours' ? 3 : 1;
    expect(cpu.state.get('generator/output/kernel')?.shape.at(-1)).toBe(channels);
    expect(cpu.metrics).toHaveLength(2);
    for (const [i, expected] of cpu.metrics.entries()) {
      expect([...expected.keys()]).toContain(metric);
      for (const [key, value] of expected) {
        expect(Number.isFinite(value), key).toBe(true);
        // A share of images jumps where a value stands at the threshold.
        if (key.endsWith('/accuracy')) continue;
        const got = compiled.metrics[i]?.get(key) ?? NaN;
        expect(Math.abs(got - value), key).toBeLessThan(1e-3 * Math.max(1, Math.abs(value)));
      }
    }
    expect(cpu.metrics[1]?.get(metric)).not.toBe(cpu.metrics[0]?.get(metric));
    expect([...compiled.state.keys()]).toEqual([...cpu.state.keys()]);
  },
);
