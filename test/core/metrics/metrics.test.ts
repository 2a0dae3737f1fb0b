import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isCollapsed } from '../../../core/metrics/collapse.js';
import { evaluateImages } from '../../../core/metrics/evaluate.js';
import { pixelErrors } from '../../../core/metrics/pixels.js';
import { ssim } from '../../../core/metrics/ssim.js';

const side = 28;
const image = (value: (i: number, j: number) => number): Float32Array =>
  Float32Array.from({ length: side * side }, (_, p) => value(Math.floor(p / side), p % side));
const disc = (ci: number, cj: number, level: number) =>
  image((i, j) => ((i - ci) ** 2 + (j - cj) ** 2 < 60 ? level : 0));

/** Values of scikit-image, printed by reference.py. */
const references = [
  [
    'waves',
    image((i, j) => 0.5 + 0.5 * Math.sin(i / 3) * Math.cos(j / 4)),
    image((i, j) => 0.5 + 0.4 * Math.sin(i / 3 + 0.3) * Math.cos(j / 4)),
    0.9119025688361866,
    21.234870534012945,
  ],
  [
    'ramp',
    image((i, j) => (i + j) / 54),
    image((i, j) => Math.min(1, Math.max(0, (i + j) / 54 + 0.1 * Math.sin(i * j)))),
    0.4551471886818585,
    23.464926224894526,
  ],
  ['disc', disc(14, 14, 0.8), disc(12, 15, 0.5), 0.2831788362798401, 12.444945825310878],
] as const;

test.each(references)('SSIM and PSNR of %s equal those of scikit-image', (_, x, y, s, p) => {
  expect(ssim(x, y, 0, side, side)).toBeCloseTo(s, 6);
  expect(pixelErrors(x, y, 0, side * side).psnr).toBeCloseTo(p, 5);
});

test('pixel errors equal their closed forms', () => {
  const y = Float32Array.of(0.5, 0.25);
  const t = Float32Array.of(1, 0);
  const errors = pixelErrors(y, t, 0, 2);
  expect(errors.content).toBeCloseTo((0.5 + 0.25) / 2, 6);
  expect(errors.mse).toBeCloseTo((0.25 + 0.0625) / 4, 6);
  expect(errors.crossEntropy).toBeCloseTo((-Math.log(0.5) - Math.log(0.75)) / 4, 6);
  expect(errors.psnr).toBeCloseTo(-10 * Math.log10((0.25 + 0.0625) / 2), 6);
  expect(pixelErrors(t, t, 0, 2).psnr).toBe(100);
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

test('metrics of a batch are means over its images, wherever they stand', () => {
  const target = Float32Array.from([...disc(8, 8, 1), ...disc(18, 18, 1)]);
  const reference = Float32Array.from([...disc(18, 18, 1), ...disc(8, 8, 1)]);
  const output = Float32Array.from([...disc(8, 8, 1), ...disc(8, 8, 1)]);
  const size = { count: 2, height: side, width: side };
  const metrics = evaluateImages({ output, target, reference, ...size });
  expect(metrics.collapseRate).toBe(0.5);
  const first = ssim(output, target, 0, side, side);
  const second = ssim(output.slice(side * side), target.slice(side * side), 0, side, side);
  expect(metrics.ssim).toBeCloseTo((first + second) / 2, 12);
});
