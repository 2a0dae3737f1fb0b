import { beforeAll, expect, test } from 'vitest';
import { applyNetwork, declareNetwork, initialParameters } from '../../core/step/declare.js';
import { RandomStreams } from '../../core/random/streams.js';
import { tf } from '../../core/tf.js';
import { discriminator } from '../../plugins/discriminator/network.js';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

/** Judgements of the images of a fixed batch, first changed as told, with batch statistics. */
function judgements(
  seen: readonly string[],
  change: (image: Float32Array) => Float32Array,
): Float32Array {
  const random = new RandomStreams(5);
  const network = declareNetwork(
    discriminator(seen, { width: 0.0625, output: 'linear' }),
    new Map(['target', 'input', 'reference'].map((role) => [role, [28, 28, 1]])),
  );
  const state = new Map(
    [...initialParameters(network, random)].map(([name, { data, shape }]) => [
      name,
      tf.tensor(data, [...shape]),
    ]),
  );
  const images = Object.fromEntries(
    ['image', ...seen].map((role, i) => {
      const draws = random.at('image', i);
      const data = Float32Array.from({ length: 4 * 28 * 28 }, () => draws.uniform());
      return [role, tf.tensor4d(i === 0 ? change(data) : data, [4, 28, 28, 1])];
    }),
  );
  const output = applyNetwork(network, state, images, 'batch').dataSync();
  return Float32Array.from(output);
}

const furthest = (a: Float32Array, b: Float32Array): number =>
  Math.max(...a.map((value, i) => Math.abs(value - (b[i] ?? NaN))));

const brighter = (image: Float32Array) => image.map((value) => value + 0.3);

// docs/claims.md draws on these: batch normalisation follows the first convolution, which has no
// padding, and takes away what is the same everywhere.
test.each([
  ['vanilla', []],
  ['conditional', ['input', 'reference']],
])('the %s discriminator, with batch statistics, cannot see an even brightness', (_, seen) => {
  const plain = judgements(seen, (image) => image);
  expect(furthest(plain, judgements(seen, brighter))).toBeLessThan(1e-4);
  // It sees one image being brighter than the others of its batch.
  const one = (image: Float32Array) => image.map((value, i) => value + (i < 784 ? 0.3 : 0));
  expect(furthest(plain, judgements(seen, one))).toBeGreaterThan(1e-3);
});

test('contrast is seen by the conditional discriminator only, which has the mixture beside it', () => {
  const flatter = (image: Float32Array) => image.map((value) => value * 0.7);
  const differenceTo = (seen: readonly string[]) =>
    furthest(
      judgements(seen, (image) => image),
      judgements(seen, flatter),
    );
  const conditional = differenceTo(['input', 'reference']);
  expect(conditional).toBeGreaterThan(1e-3);
  // What is left is the ε of batch normalisation.
  expect(differenceTo([])).toBeLessThan(conditional / 3);
});
