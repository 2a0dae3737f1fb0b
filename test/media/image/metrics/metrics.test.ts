import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { EvaluatedBatch } from '../../../../core/evaluation/batch.js';
import { measureBatch } from '../../../../core/evaluation/measure.js';
import { isCollapsed } from '../../../../media/image/metrics/collapse.js';
import { imageMetrics } from '../../../../media/image/metrics/metrics.js';
import { pixelErrors } from '../../../../media/image/metrics/pixels.js';
import { ssim } from '../../../../media/image/metrics/ssim.js';

/** A batch of [height, width, channels] as an evaluation gives it. */
function batchOf(
  shape: readonly [height: number, width: number, channels: number],
  parts: Readonly<Record<'output' | 'target' | 'reference', Float32Array>>,
): EvaluatedBatch {
  const count = parts.output.length / shape.reduce((product, side) => product * side, 1);
  const tensor = (data: Float32Array) => ({ shape: [count, ...shape], data });
  return {
    count,
    signals: new Map([['target', tensor(parts.target)]]),
    taken: new Map([['reference', tensor(parts.reference)]]),
    output: tensor(parts.output),
    outputBatch: undefined,
  };
}

const side = 28;
const image = (value: (i: number, j: number) => number): Float32Array =>
  Float32Array.from({ length: side * side }, (_, p) => value(Math.floor(p / side), p % side));
const disc = (ci: number, cj: number, level: number) =>
  image((i, j) => ((i - ci) ** 2 + (j - cj) ** 2 < 60 ? level : 0));

const wide = (value: (r: number, c: number) => number): Float32Array =>
  Float32Array.from({ length: 17 * 33 }, (_, p) => value(Math.floor(p / 33), p % 33));

/** SSIM and PSNR of scikit-image, printed by reference.py. */
const references = [
  [
    'waves',
    28,
    image((i, j) => 0.5 + 0.5 * Math.sin(i / 3) * Math.cos(j / 4)),
    image((i, j) => 0.5 + 0.4 * Math.sin(i / 3 + 0.3) * Math.cos(j / 4)),
    0.9119025688361866,
    21.234870534012945,
  ],
  [
    'ramp',
    28,
    image((i, j) => (i + j) / 54),
    image((i, j) => Math.min(1, Math.max(0, (i + j) / 54 + 0.1 * Math.sin(i * j)))),
    0.4551471886818585,
    23.464926224894526,
  ],
  ['disc', 28, disc(14, 14, 0.8), disc(12, 15, 0.5), 0.2831788362798401, 12.444945825310878],
  [
    'wide',
    17,
    wide((r, c) => 0.5 + 0.5 * Math.sin(r / 2 + c / 5)),
    wide((r, c) => 0.5 + 0.5 * Math.sin(r / 2 + c / 5 + 0.2 * Math.cos(r * c))),
    0.9789252651981112,
    25.731875750393236,
  ],
] as const;

test.each(references)(
  'SSIM and PSNR of %s equal those of scikit-image',
  (_, height, x, y, s, p) => {
    expect(ssim(x, y, 0, height, x.length / height)).toBeCloseTo(s, 9);
    expect(pixelErrors(x, y, 0, x.length).psnr).toBeCloseTo(p, 9);
  },
);

test('pixel errors equal their closed forms', () => {
  const y = Float32Array.of(0.5, 0.25);
  const t = Float32Array.of(1, 0);
  const errors = pixelErrors(y, t, 0, 2);
  expect(errors.content).toBeCloseTo((0.5 + 0.25) / 2, 6);
  expect(errors.mse).toBeCloseTo((0.25 + 0.0625) / 4, 6);
  expect(errors.crossEntropy).toBeCloseTo((-Math.log(0.5) - Math.log(0.75)) / 4, 6);
  expect(errors.psnr).toBeCloseTo(-10 * Math.log10((0.25 + 0.0625) / 2), 6);
});

test('equal images have 100 dB, and nothing has more', () => {
  const t = Float32Array.of(1, 0);
  expect(pixelErrors(t, t, 0, 2)).toMatchObject({ content: 0, mse: 0, psnr: 100 });
  expect(pixelErrors(Float32Array.of(1, 1e-7), t, 0, 2).psnr).toBe(100);
  expect(pixelErrors(Float32Array.of(0, 1), t, 0, 2).psnr).toBeCloseTo(0, 12);
});

test('the cross entropy of a wrong, certain output is finite', () => {
  const errors = pixelErrors(Float32Array.of(0, 1), Float32Array.of(1, 0), 0, 2);
  expect(errors.crossEntropy).toBeCloseTo(-Math.log(1e-8) / 2, 9);
});

test('an output that is no number makes its metrics no number', async () => {
  const y = new Float32Array(144).fill(NaN);
  const parts = { output: y, target: new Float32Array(144), reference: new Float32Array(144) };
  const { means } = await measureBatch(imageMetrics, batchOf([12, 12, 1], parts));
  for (const name of ['content', 'psnr', 'ssim']) expect(means.get(name)).toBeNaN();
  expect(means.get('collapseRate')).toBe(0);
});

const pixels = fc.array(fc.float({ min: 0, max: 1, noNaN: true }), {
  minLength: 144,
  maxLength: 144,
});

test('SSIM is symmetric, at most 1, and 1 for equal images', () => {
  fc.assert(
    fc.property(pixels, pixels, (a, b) => {
      const [x, y] = [Float32Array.from(a), Float32Array.from(b)];
      expect(ssim(x, x, 0, 12, 12)).toBeCloseTo(1, 9);
      expect(ssim(x, y, 0, 12, 12)).toBeCloseTo(ssim(y, x, 0, 12, 12), 9);
      expect(ssim(x, y, 0, 12, 12)).toBeLessThanOrEqual(1 + 1e-9);
    }),
    { numRuns: 30 },
  );
});

test('an output is collapsed when it is nearer to the reference, whatever its scale', () => {
  const [target, reference] = [disc(8, 8, 1), disc(18, 18, 1)];
  const all = side * side;
  const mix = (a: number, b: number) => target.map((t, i) => a * t + b * (reference[i] ?? 0));
  expect(isCollapsed(mix(0, 0.1), target, reference, 0, all)).toBe(true);
  expect(isCollapsed(mix(0.1, 0), target, reference, 0, all)).toBe(false);
  expect(isCollapsed(mix(0.4, 0.6), target, reference, 0, all)).toBe(true);
  expect(isCollapsed(mix(0.6, 0.4), target, reference, 0, all)).toBe(false);
  expect(isCollapsed(mix(0, 0), target, reference, 0, all)).toBe(false);
});

test('collapse is what the residuals at the best scales say', () => {
  const residual = (y: readonly number[], x: readonly number[]): number => {
    // Ternary search over s ≥ 0: the residual is convex in s.
    let [low, high] = [0, 1e3];
    const at = (s: number): number =>
      y.reduce((sum, value, i) => sum + (value - s * (x[i] ?? 0)) ** 2, 0);
    for (let i = 0; i < 200; i++) {
      const [a, b] = [low + (high - low) / 3, high - (high - low) / 3];
      if (at(a) < at(b)) high = b;
      else low = a;
    }
    return at((low + high) / 2);
  };
  const levels = fc.array(
    fc.integer({ min: 0, max: 8 }).map((v) => v / 8),
    {
      minLength: 6,
      maxLength: 6,
    },
  );
  fc.assert(
    fc.property(levels, levels, levels, (y, t, r) => {
      const [toTarget, toReference] = [residual(y, t), residual(y, r)];
      fc.pre(Math.abs(toTarget - toReference) > 1e-6);
      const [output, target, reference] = [y, t, r].map((v) => Float32Array.from(v));
      if (output === undefined || target === undefined || reference === undefined) return;
      expect(isCollapsed(output, target, reference, 0, 6)).toBe(toReference < toTarget);
    }),
    { numRuns: 100 },
  );
});

test('metrics of a batch are means over its images, wherever they stand', async () => {
  const target = Float32Array.from([...disc(8, 8, 1), ...disc(18, 18, 1)]);
  const reference = Float32Array.from([...disc(18, 18, 1), ...disc(8, 8, 1)]);
  const output = Float32Array.from([...disc(8, 8, 1), ...disc(8, 8, 1)]);
  const parts = { output, target, reference };
  const { means, perExample } = await measureBatch(imageMetrics, batchOf([side, side, 1], parts));
  expect(means.get('collapseRate')).toBe(0.5);
  const first = ssim(output, target, 0, side, side);
  const second = ssim(output.slice(side * side), target.slice(side * side), 0, side, side);
  expect(means.get('ssim')).toBeCloseTo((first + second) / 2, 12);
  expect([...(perExample.get('ssim') ?? [])]).toEqual([first, second]);
  const margins = [...(perExample.get('collapseMargin') ?? [])];
  expect(margins.map((margin) => margin > 0)).toEqual([false, true]);
  expect(means.has('collapseMargin')).toBe(false);
  expect(perExample.get('psnr')?.[0]).toBe(100);
  const errors = pixelErrors(output, target, side * side, 2 * side * side);
  expect(perExample.get('content')?.[1]).toBe(errors.content);
  expect(means.get('crossEntropy')).toBeCloseTo(errors.crossEntropy / 2, 6);
  const bright = target.reduce((sum, value) => sum + value, 0) / target.length;
  expect(means.get('black')).toBeCloseTo(bright, 6);
});

test('in colour SSIM is the mean over the channels, all else over all numbers', async () => {
  const planes = [0.2, 0.5, 0.9].map(
    (level) => [disc(14, 14, level), disc(12, 15, level)] as const,
  );
  const woven = (which: 0 | 1): Float32Array =>
    Float32Array.from(
      { length: side * side * 3 },
      (_, i) => planes[i % 3]?.[which][Math.floor(i / 3)] ?? NaN,
    );
  const [target, output] = [woven(0), woven(1)];
  const parts = { output, target, reference: target };
  const { means } = await measureBatch(imageMetrics, batchOf([side, side, 3], parts));
  const each = planes.map(([t, y]) => ssim(y, t, 0, side, side));
  expect(means.get('ssim')).toBeCloseTo(each.reduce((sum, value) => sum + value, 0) / 3, 12);
  expect(means.get('content')).toBe(pixelErrors(output, target, 0, output.length).content);
});

test('SSIM of images smaller than its window is no number', () => {
  expect(ssim(new Float32Array(64), new Float32Array(64), 0, 8, 8)).toBeNaN();
});
