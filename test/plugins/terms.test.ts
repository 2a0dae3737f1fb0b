import { beforeAll, expect, test } from 'vitest';
import type { LossContext, LossTerm } from '../../core/index.js';
import { applyNetwork, declareNetwork } from '../../core/step/declare.js';
import { tf } from '../../core/tf.js';
import { selfAttention } from '../../plugins/generator/attention.js';
import { charbonnier } from '../../plugins/loss/charbonnier.js';
import { edgeLoss } from '../../plugins/loss/edges.js';
import { multiscale } from '../../plugins/loss/multiscale.js';
import { ssimLoss } from '../../plugins/loss/ssim.js';
import { prepareTiny as prepareExperiment } from '../../lab/testing/prepare.js';
import { prepareTiny } from '../support/tiny.js';
import { golden, wave } from './golden.js';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const number = (x: tf.Tensor): number => x.dataSync()[0] ?? NaN;

test.each<[string, (output: tf.Tensor, target: tf.Tensor) => tf.Scalar]>([
  ['charbonnier', (output, target) => charbonnier(output, target, 0.1)],
  ['multiscale', (output, target) => multiscale(output, target, 3)],
  ['edges', edgeLoss],
])('the loss %s and its gradient are those of PyTorch', (name, loss) => {
  const [output, target] = [wave([2, 7, 9, 2], 1), wave([2, 7, 9, 2], 2)];
  const [value, along] = golden.losses[name] ?? [NaN, NaN];
  expect(number(loss(output, target))).toBeCloseTo(value, 5);
  const slope = tf.grad((x) => loss(x, target))(output);
  expect(number(tf.sum(tf.mul(slope, wave([2, 7, 9, 2], 3))))).toBeCloseTo(along, 5);
  expect(number(loss(output, output))).toBeCloseTo(name === 'charbonnier' ? 0.1 : 0, 5);
});

test('a waveform is halved along its one axis, and refused where it is too short', () => {
  const x = tf.tensor3d([1, 3, 5, 9, 100], [1, 5, 1]);
  // |1|+|3|+…: 118 / 5; halves 2 and 7.
  expect(number(multiscale(x, tf.zerosLike(x), 2))).toBeCloseTo((118 / 5 + 4.5) / 2, 5);
  expect(() => multiscale(x, tf.zerosLike(x), 4)).toThrow('ask for fewer scales');
});

test('losses that need neighbours or a window say so of signals that have none', () => {
  const [features, small, line] = [wave([4, 8], 1), wave([4, 8, 8, 1], 1), wave([4, 1, 9, 1], 1)];
  expect(() => edgeLoss(features, features)).toThrow('the shape is [4, 8]');
  expect(() => edgeLoss(line, line)).toThrow('the shape is [4, 1, 9, 1]');
  expect(() => ssimLoss(small, small)).toThrow('at least 11 × 11 pixels');
  expect(() => ssimLoss(features, features)).toThrow('the shape is [4, 8]');
});

const target = wave([2, 3, 1, 1], 1);
const output = wave([2, 3, 1, 1], 5);

/** Terms of an experiment, and what they give where D is a known function. */
async function terms(plugins: readonly string[], values: Record<string, string | number>) {
  const linear = { 'discriminator.conditional.output': 'linear' };
  const { built } = await prepareTiny('tiny-gan', { ...linear, ...values }, plugins);
  const value = ({ value: of }: LossTerm, judge: (image: tf.Tensor) => tf.Tensor): number => {
    const context: LossContext = {
      signals: { target },
      signal: () => target,
      output,
      run: (_, { image = tf.scalar(NaN) }) => judge(image),
      draw: () => tf.scalar(0.25),
      metric: () => undefined,
    };
    return number(of(context));
  };
  const term = (name: string): LossTerm => {
    const found = built.blueprint.losses.find((candidate) => candidate.name === name);
    if (found === undefined) throw new Error(name);
    return found;
  };
  return { term, value };
}

test.each(['hinge', 'wasserstein', 'relativistic'])(
  'the adversarial losses %s are those of PyTorch',
  async (kind) => {
    const { term, value } = await terms([], { 'loss.adversarial.kind': kind });
    const [discriminator, generator] = golden.adversarial[kind] ?? [NaN, NaN];
    const twice = (image: tf.Tensor) => tf.mul(image, 2);
    expect(value(term('discrimination'), twice)).toBeCloseTo(discriminator, 5);
    expect(value(term('adversarial'), twice)).toBeCloseTo(generator, 5);
  },
);

/** D(x) = w·x has the slope w everywhere. */
const w = tf.tensor4d([1, -2, 0.5], [1, 3, 1, 1]);
const plane = (image: tf.Tensor): tf.Tensor => tf.sum(tf.mul(image, w), [1, 2, 3]);
const square = 1 + 4 + 0.25;

test('the gradient penalty and R1 of a plane, in closed form', async () => {
  const { term, value } = await terms(['regularizer.r1'], {
    'loss.adversarial.kind': 'wasserstein',
    'regularizer.r1.weight': 8,
  });
  expect(value(term('penalty'), plane)).toBeCloseTo((Math.sqrt(square) - 1) ** 2, 5);
  expect(term('penalty').weight(1)).toBe(10);
  expect(value(term('r1'), plane)).toBeCloseTo(square, 5);
  expect(term('r1').weight(1)).toBe(4);
  // Elsewhere than at the target a parabola has another slope: |2x|² at x = target.
  const parabola = (image: tf.Tensor): tf.Tensor => tf.sum(tf.square(image), [1, 2, 3]);
  const at = number(tf.mean(tf.sum(tf.square(tf.mul(target, 2)), [1, 2, 3])));
  expect(value(term('r1'), parabola)).toBeCloseTo(at, 4);
});

test.each([
  ['hinge', 'sigmoid', 'linear'],
  ['log', 'linear', 'sigmoid'],
])('the loss %s refuses judgements that are %s', async (kind, output, wanted) => {
  const values = { 'loss.adversarial.kind': kind, 'discriminator.conditional.output': output };
  await expect(terms([], values)).rejects.toThrow(
    `the adversarial loss '${kind}' needs judgements that are ${wanted}`,
  );
});

const patchLinear = { 'discriminator.patch.output': 'linear' };

test.each<[string, Record<string, string | number>, string[], RegExp | undefined]>([
  ['batch', patchLinear, ['discriminator.patch'], /batch normalisation of discriminator.patch/],
  ['batch', {}, [], /batch normalisation of discriminator.conditional/],
  [
    'no',
    { ...patchLinear, 'discriminator.patch.norm': 'instance' },
    ['discriminator.patch'],
    undefined,
  ],
])('the gradient penalty with %s normalisation (%j)', async (_, given, plugins, told) => {
  const kind = { 'loss.adversarial.kind': 'wasserstein' };
  const values = plugins.length === 0 ? { 'discriminator.conditional.output': 'linear' } : {};
  const { notes } = await prepareTiny('tiny-gan', { ...kind, ...values, ...given }, plugins);
  expect(notes).toEqual(told === undefined ? [] : [expect.stringMatching(told)]);
});

test('a penalty that has no effect is told', async () => {
  const { notes } = await prepareTiny('tiny-gan', { 'loss.adversarial.penalty': 5 });
  expect(notes).toEqual([expect.stringContaining("'log' has no penalty")]);
  expect((await prepareTiny('tiny-gan')).notes).toEqual([]);
});

test('pre-training is on the terms that it is told', async () => {
  const { built } = await prepareExperiment({
    plugins: ['loss.charbonnier', 'pretraining'],
    without: ['loss.content'],
    values: { 'pretraining.terms': ['charbonnier'], 'pretraining.updates': 1 },
  });
  const [phase] = built.blueprint.phases;
  expect(phase).toMatchObject({ name: 'pretraining', order: [{ terms: ['charbonnier'] }] });
});

test('the generator and the discriminator that were added last are those', async () => {
  const found = async (preset: string, ...plugins: string[]): Promise<string[]> => {
    const { experiment } = await prepareTiny(preset, {}, plugins);
    const names = experiment.plugins.map(({ loaded }) => loaded.plugin.name);
    return names.filter((name) => /^(generator|discriminator)\./.test(name)).sort();
  };
  const [patch, spectral] = ['discriminator.patch', 'discriminator.spectral'];
  const [dncnn, unet] = ['generator.dncnn', 'generator.unet'];
  expect(await found('tiny-gan', patch, dncnn, spectral, unet)).toEqual([spectral, unet]);
  expect(await found('tiny-gan', unet, dncnn, spectral, patch)).toEqual([patch, dncnn]);
});

test('self-attention is that of PyTorch, and at first changes nothing', () => {
  const network = declareNetwork(
    {
      name: 'net',
      main: true,
      inputs: { x: [3, 2, 8] },
      forward: (layers, { x = tf.scalar(NaN) }) => selfAttention(layers, 'a', x),
    },
    new Map(),
  );
  const x = wave([2, 3, 2, 8], 1);
  const run = (gamma: number): Float32Array =>
    applyNetwork(
      network,
      new Map([
        ['net/a/query/kernel', wave([8, 1], 2)],
        ['net/a/key/kernel', wave([8, 1], 3)],
        ['net/a/value/kernel', wave([8, 8], 4)],
        ['net/a/gamma', tf.tensor1d([gamma])],
      ]),
      { x },
      'moving',
    ).dataSync<'float32'>();
  expect(run(0)).toEqual(x.dataSync());
  run(0.5).forEach((value, i) => expect(value).toBeCloseTo(golden.attention[i] ?? NaN, 5));
});
