import { expect, test } from 'vitest';
import { resConvNet } from '../../../plugins/generator/resconvnet.js';
import { discriminator } from '../../../plugins/discriminator/network.js';
import { declareNetwork, weightCount } from '../../../core/step/declare.js';
import '../../../core/tf.js';

/** Grey images of the post's size under every role, the main network's output among them. */
const roles = new Map(
  ['input', 'reference', 'target', 'output'].map((role) => [role, [28, 28, 1]] as const),
);

/** Weights of the layers as the post lists them: kernels, biases, gamma and beta. */
const conv = (kernel: number, from: number, to: number) => kernel * kernel * from * to + to;
const bn = (channels: number) => 2 * channels;

test('the documented generator has the parameters and multiply-adds of figure 7', () => {
  const declared = declareNetwork(resConvNet({ width: 128, depth: 4 }), roles);
  const expected =
    conv(3, 2, 128) +
    bn(128) +
    4 * (conv(3, 128, 128) + bn(128)) +
    conv(3, 128, 2) +
    bn(2) +
    conv(3, 2, 1);
  expect(weightCount(declared)).toBe(expected);
  expect(expected).toBeGreaterThan(0.59e6);
  expect(expected).toBeLessThan(0.61e6);
  expect(declared.outputShape).toEqual([28, 28, 1]);
  expect(declared.multiplyAdds / 1e6).toBeCloseTo(466, 0);
});

test.each([
  ['vanilla', [], 1],
  ['conditional', ['input', 'reference'], 3],
])('the documented %s discriminator has the layers of figures 8 and 9', (_, seen, channels) => {
  const declared = declareNetwork(discriminator(seen, { width: 1, output: 'sigmoid' }), roles);
  const expected =
    conv(5, channels, 64) +
    bn(64) +
    conv(5, 64, 128) +
    bn(128) +
    conv(5, 128, 256) +
    bn(256) +
    conv(4, 256, 512) +
    bn(512) +
    conv(4, 512, 1024) +
    bn(1024) +
    conv(4, 1024, 2048) +
    conv(1, 2048, 1);
  expect(weightCount(declared)).toBe(expected);
  expect(expected / 1e6).toBeCloseTo(45, 0);
  expect(declared.outputShape).toEqual([1, 1, 1]);
  expect(declared.multiplyAdds / 1e9).toBeCloseTo(0.6, 1);
});

test('kernels are HWIO and carry readable names', () => {
  const declared = declareNetwork(resConvNet({ width: 8, depth: 1 }), roles);
  const shapes = new Map(declared.parameters.map((p) => [p.name, p.shape]));
  expect(shapes.get('conv1/kernel')).toEqual([3, 3, 2, 8]);
  expect(shapes.get('bn1/moving_variance')).toEqual([8]);
  expect(shapes.get('output/kernel')).toEqual([3, 3, 2, 1]);
});
