import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor3D, Tensor4D } from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compiled, expectAgreement, randomTensor } from './agree.js';

// Everything that slides a window over images, with its gradients, on random shapes.

const four = (x: Tensor): Tensor4D => x as Tensor4D;
const side = (least: number): fc.Arbitrary<number> => fc.integer({ min: least, max: 9 });
const pad = fc.constantFrom<'same' | 'valid'>('same', 'valid');

/** Sides are at least the (dilated) kernel's, so that every window fits. */
const geometry = fc.record({
  batch: fc.integer({ min: 1, max: 3 }),
  height: side(5),
  width: side(5),
  channels: fc.constantFrom(1, 2, 3, 16),
  filters: fc.constantFrom(1, 2, 5, 16),
  kernel: fc.tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 4 })),
  strides: fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 })),
  dilation: fc.constantFrom(1, 1, 2),
  pad,
  seed: fc.nat(1000),
});
type Geometry = typeof geometry extends fc.Arbitrary<infer T> ? T : never;

async function property(
  check: (g: Geometry) => Promise<void>,
  seed: number,
  keep: (g: Geometry) => boolean = () => true,
): Promise<void> {
  await fc.assert(fc.asyncProperty(geometry.filter(keep), check), { numRuns: 6, seed });
}

const images = (g: Geometry): ReturnType<typeof randomTensor> =>
  randomTensor([g.batch, g.height, g.width, g.channels], g.seed);

const tolerance = 3e-5;

/** tf.js allows strides or dilations, not both. */
const either = ({ strides, dilation, kernel }: Geometry): boolean =>
  (dilation === 1 || strides.every((s) => s === 1)) && kernel.every((k) => (k - 1) * dilation < 5);

describe('on random shapes, with gradients', () => {
  test('conv2d', () =>
    property(
      async (g) => {
        const filter = randomTensor([...g.kernel, g.channels, g.filters], g.seed + 1);
        const conv = (x: Tensor, f: Tensor): Tensor =>
          tf.conv2d(four(x), four(f), g.strides, g.pad, 'NHWC', g.dilation);
        // tf.js has gradients only without dilations.
        await expectAgreement(conv, [images(g), filter], {
          tolerance,
          gradients: g.dilation === 1,
        });
      },
      11,
      either,
    ));

  test('conv2dTranspose', () =>
    property(async (g) => {
      const filter = randomTensor([...g.kernel, g.filters, g.channels], g.seed + 1);
      const grow = (size: number, axis: 0 | 1): number =>
        g.pad === 'same'
          ? size * g.strides[axis]
          : size * g.strides[axis] + Math.max(g.kernel[axis] - g.strides[axis], 0);
      const shape: [number, number, number, number] = [
        g.batch,
        grow(g.height, 0),
        grow(g.width, 1),
        g.filters,
      ];
      const up = (x: Tensor, f: Tensor): Tensor =>
        tf.conv2dTranspose(four(x), four(f), shape, g.strides, g.pad);
      await expectAgreement(up, [images(g), filter], { tolerance });
    }, 12));

  test('depthwiseConv2d', () =>
    property(
      async (g) => {
        const multiplier = Math.min(3, g.filters);
        const filter = randomTensor([...g.kernel, g.channels, multiplier], g.seed + 1);
        const conv = (x: Tensor, f: Tensor): Tensor =>
          tf.depthwiseConv2d(four(x), four(f), g.strides, g.pad, 'NHWC', g.dilation);
        // tf.js has gradients only without dilations.
        await expectAgreement(conv, [images(g), filter], {
          tolerance,
          gradients: g.dilation === 1,
        });
      },
      13,
      (g) => either(g) && g.channels < 16,
    ));

  test('separableConv2d', () =>
    property(
      async (g) => {
        const depth = randomTensor([...g.kernel, g.channels, 2], g.seed + 1);
        const point = randomTensor([1, 1, g.channels * 2, g.filters], g.seed + 2);
        const conv = (x: Tensor, d: Tensor, p: Tensor): Tensor =>
          tf.separableConv2d(four(x), four(d), four(p), g.strides, g.pad);
        await expectAgreement(conv, [images(g), depth, point], { tolerance });
      },
      14,
      (g) => g.channels < 16,
    ));

  test('conv1d', () =>
    property(async (g) => {
      const x = randomTensor([g.batch, g.width, g.channels], g.seed);
      const filter = randomTensor([g.kernel[0], g.channels, g.filters], g.seed + 1);
      const conv = (a: Tensor, f: Tensor): Tensor =>
        tf.conv1d(a as Tensor3D, f as Tensor3D, g.strides[0], g.pad);
      await expectAgreement(conv, [x, filter], { tolerance });
    }, 15));

  test.each(['maxPool', 'avgPool'] as const)('%s', (name) =>
    property(async (g) => {
      const pool = (x: Tensor): Tensor => tf[name](four(x), g.kernel, g.strides, g.pad);
      await expectAgreement(pool, [images(g)], { tolerance });
    }, 16),
  );

  // tf.js's own gradients on cpu have the sides of the image exchanged, and NaN where one pixel
  // becomes several with aligned corners. Resizing is linear, so its gradient is its transpose:
  // ⟨resize(x), w⟩ = ⟨x, gradient⟩ for every w.
  test.each(['resizeBilinear', 'resizeNearestNeighbor'] as const)('%s', (name) =>
    property(async (g) => {
      const size: [number, number] = [
        g.kernel[0] * g.strides[0] + 2,
        g.kernel[1] * g.strides[1] + 2,
      ];
      const resize = (x: Tensor): Tensor => tf.image[name](four(x), size, g.pad === 'same');
      await expectAgreement(resize, [images(g)], { tolerance, gradients: false });
      const weights = randomTensor([g.batch, ...size, g.channels], g.seed + 1);
      const products = await compiled([images(g), weights], (x, w) => {
        const product = (image: Tensor): tf.Scalar => tf.sum(tf.mul(resize(image), w));
        return tf.stack([product(x), tf.sum(tf.mul(x, tf.grad(product)(x)))]);
      });
      const [forward = NaN, backward = NaN] = products;
      expect(Math.abs(forward - backward)).toBeLessThan(1e-4 * (1 + Math.abs(forward)));
    }, 17),
  );

  test('batch normalisation, from operations', () =>
    property(async (g) => {
      const normal = (x: Tensor, scale: Tensor): Tensor => {
        const { mean, variance } = tf.moments(x, [0, 1, 2]);
        return tf.mul(tf.mul(tf.sub(x, mean), tf.rsqrt(tf.add(variance, 1e-3))), scale);
      };
      await expectAgreement(normal, [images(g), randomTensor([g.channels], g.seed + 1)], {
        tolerance: 1e-4,
      });
    }, 18));

  test('layer and instance normalisation, from operations', () =>
    property(async (g) => {
      for (const axes of [
        [1, 2, 3],
        [1, 2],
      ]) {
        const normal = (x: Tensor): Tensor => {
          const { mean, variance } = tf.moments(x, axes, true);
          return tf.div(tf.sub(x, mean), tf.sqrt(tf.add(variance, 1e-3)));
        };
        await expectAgreement(normal, [images(g)], { tolerance: 1e-4 });
      }
    }, 19));

  test('batchNorm with given statistics', () =>
    property(async (g) => {
      const vector = (seed: number, low: number): ReturnType<typeof randomTensor> =>
        randomTensor([g.channels], g.seed + seed, low);
      const normal = (x: Tensor, mean: Tensor, variance: Tensor, offset: Tensor, scale: Tensor) =>
        tf.batchNorm(x, mean, variance, offset, scale);
      const inputs = [images(g), vector(1, -2), vector(2, 0.2), vector(3, -2), vector(4, -2)];
      await expectAgreement(normal, inputs, { tolerance: 1e-4 });
    }, 20));

  test('localResponseNormalization', () =>
    property(async (g) => {
      const normal = (x: Tensor): Tensor =>
        tf.localResponseNormalization(four(x), g.kernel[0], 1, 0.3, 0.6);
      await expectAgreement(normal, [images(g)], { tolerance });
    }, 21));
});

describe('indexing', () => {
  const rows = (list: number[][]): Tensor => tf.tensor2d(list, undefined, 'int32');
  const flat = { gradients: false } as const;

  test('gatherND', async () => {
    const x = randomTensor([3, 4, 2], 1);
    await expectAgreement(
      (a) =>
        tf.gatherND(
          a,
          rows([
            [2, 3],
            [0, 1],
            [2, 3],
          ]),
        ),
      [x],
      flat,
    );
    await expectAgreement((a) => tf.gatherND(a, rows([[1], [0]])), [x], flat);
    await expectAgreement(
      (a) =>
        tf.gatherND(
          a,
          rows([
            [1, 2, 0],
            [0, 0, 1],
          ]),
        ),
      [x],
      flat,
    );
  });

  test('scatterND adds what meets', async () => {
    const updates = randomTensor([3, 2], 1);
    await expectAgreement((u) => tf.scatterND(rows([[2], [0], [2]]), u, [4, 2]), [updates], flat);
    const values = randomTensor([3], 2);
    await expectAgreement(
      (u) =>
        tf.scatterND(
          rows([
            [2, 1],
            [0, 0],
            [2, 1],
          ]),
          u,
          [4, 2],
        ),
      [values],
      flat,
    );
  });

  test('diag and flipLeftRight', async () => {
    await expectAgreement((x) => tf.diag(x), [randomTensor([3], 1)], flat);
    await expectAgreement(
      (x) => tf.image.flipLeftRight(four(x)),
      [randomTensor([2, 3, 4, 2], 1)],
      flat,
    );
  });

  test.each([
    [
      'ij,jk->ik',
      [
        [2, 3],
        [3, 4],
      ],
    ],
    [
      'bij,bjk->bik',
      [
        [2, 3, 4],
        [2, 4, 2],
      ],
    ],
    ['ij->ji', [[2, 3]]],
    ['ij->', [[2, 3]]],
    [
      'abc,cd->abd',
      [
        [2, 3, 4],
        [4, 5],
      ],
    ],
  ] as const)('einsum %s', (equation, shapes) =>
    expectAgreement(
      (...xs) => tf.einsum(equation, ...xs),
      shapes.map((shape, k) => randomTensor(shape, k + 1)),
      flat,
    ),
  );

  test('atan2, in every quadrant and on the axes', () => {
    const corners = [1, -1, 0].flatMap((y) => [2, -2, 0].map((x) => [y, x] as const));
    const of = (k: 0 | 1) => ({ shape: [9], data: Float32Array.from(corners, (c) => c[k]) });
    return expectAgreement((y, x) => tf.atan2(y, x), [of(0), of(1)], flat);
  });

  test('gradients of atan2', () =>
    expectAgreement((y, x) => tf.atan2(y, x), [randomTensor([5], 1), randomTensor([5], 2)]));
});
