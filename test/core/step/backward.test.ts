import { describe, expect, test } from 'vitest';
import type { Scalar, Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import {
  definePlugin,
  tf,
  z,
  type Layers,
  type LossContext,
  type Plugin,
} from '../../../core/index.js';
import { withContributor } from '../../../core/attribution/contributor.js';
import { withScope } from '../../../core/attribution/scope.js';
import { NcnError } from '../../../core/errors/error.js';
import { valueAndGradients } from '../../../core/step/backward.js';
import { prepareTiny } from '../../../lab/testing/prepare.js';
import { trainTiny } from '../../support/tiny.js';

const about = { version: '1.0.0', summary: 'a test', options: z.strictObject({}) };

/** A plugin that replaces the generator. */
const network = (forward: (layers: Layers, x: Tensor4D) => Tensor4D): Plugin =>
  definePlugin({
    ...about,
    name: 'my-network',
    replaces: ['generator.resconvnet'],
    setup({ hooks }) {
      hooks.networks.tap(({ add }) => {
        add({
          name: 'generator',
          main: true,
          inputs: { input: 'input', reference: 'reference' },
          forward: (layers, { input }) => forward(layers, input as Tensor4D),
        });
      });
    },
  });

/** A plugin that adds a loss of the generator. */
const loss = (value: (context: LossContext) => Scalar): Plugin =>
  definePlugin({
    ...about,
    name: 'my-loss',
    setup({ hooks }) {
      hooks.losses.tap(({ add }) => {
        add({ name: 'mine', network: 'generator', weight: () => 1, value });
      });
    },
  });

/** What a user sees when the first update fails. */
async function failure(engine: string, plugins: readonly Plugin[]): Promise<NcnError> {
  const prepared = await prepareTiny({ plugins });
  const error: unknown = await trainTiny(prepared, engine, 1).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error instanceof NcnError) return error;
  throw new Error(`no NcnError but ${String(error)}`);
}

const conv = { filters: 1, kernel: 3 };
const kernel = (layers: Layers): Tensor4D =>
  layers.weight('own/kernel', [3, 3, 1, 1], (out) => out.fill(0.1)) as Tensor4D;

describe.each(['compiled', 'cpu'])('on the engine %s', (engine) => {
  test('a dilated convolution of tf.js names its plugin, its network and the way out', async () => {
    const dilated = network((layers, x) => tf.conv2d(x, kernel(layers), 1, 'same', 'NHWC', 2));
    const error = await failure(engine, [dilated]);
    expect(error.message).toMatch(
      /^The gradient of the tf.js operation 'Conv2D', used by 'my-network' in 'generator', cannot be computed: .*dilation rates greater than 1/,
    );
    expect(error.code).toBe('NCN_PLUGIN_GRADIENT');
    expect(error.hint).toContain('layers.conv2d with dilation');
  });

  test('a second gradient of maximum pooling names who pools and who differentiates', async () => {
    const pooling = network((layers, x) => {
      const wide = tf.maxPool(layers.conv2d('c', x, conv), 2, 1, 'same');
      return layers.conv2d('d', wide, conv);
    });
    const penalty = loss(({ signal, run }) => {
      const slope = tf.grad((x) => {
        const image = x as Tensor4D;
        return tf.sum(run('generator', { input: image, reference: image }));
      })(signal('input'));
      return tf.mean(tf.square(slope));
    });
    const error = await failure(engine, [pooling, penalty]);
    expect(error.message).toBe(
      "The gradient of the tf.js operation 'MaxPoolGrad', used by 'my-network' in 'generator', differentiated by 'my-loss', cannot be computed: tf.js knows none.",
    );
    expect(error.code).toBe('NCN_PLUGIN_GRADIENT');
    expect(error.hint).toContain('tf.avgPool');
  });

  test('a gradient that a loss takes itself, too, names loss and network', async () => {
    const dilated = network((layers, x) => tf.conv2d(x, kernel(layers), 1, 'same', 'NHWC', 2));
    const penalty = loss(({ signal, run }) => {
      const slope = tf.grad((x) => {
        const image = x as Tensor4D;
        return tf.sum(run('generator', { input: image, reference: image }));
      })(signal('input'));
      return tf.mean(tf.square(slope));
    });
    const error = await failure(engine, [dilated, penalty]);
    expect(error.message).toMatch(
      /^Plugin 'my-loss' failed in its loss 'generator\/mine': The gradient of the tf.js operation 'Conv2D', used by 'my-network' in 'generator', cannot be computed/,
    );
    expect(error.hint).toContain('layers.conv2d with dilation');
  });

  test('a weight that no loss depends on is named', async () => {
    const unused = network((layers, x) => {
      kernel(layers);
      return layers.conv2d('c', x, conv);
    });
    const error = await failure(engine, [unused]);
    expect(error.message).toBe(
      "No loss term of 'generator' depends on 'generator/own/kernel', so there is no gradient.",
    );
    expect(error.hint).toContain('layers.buffer');
  });

  test('a gradient of a plugin’s own that throws is named, its error kept as the cause', async () => {
    const own = tf.customGrad((...args) => ({
      value: tf.clone(args[0] as Tensor),
      gradFunc: () => {
        throw new TypeError('boom');
      },
    }));
    const throwing = network((layers, x) => own(layers.conv2d('c', x, conv)) as Tensor4D);
    const error = await failure(engine, [throwing]);
    expect(error.message).toMatch(/used by 'my-network' in 'generator', cannot be computed: boom$/);
    expect(error.cause).toBeInstanceOf(TypeError);
  });
});

/** The identity, with a gradient of its own. */
const passing = (gradient: (dy: Tensor) => Tensor) => (x: Tensor4D) =>
  tf.customGrad((...args) => ({ value: tf.clone(args[0] as Tensor), gradFunc: gradient }))(
    x,
  ) as Tensor4D;

test('what the compiled engine refuses in a backward pass keeps its code and hint', async () => {
  const sorted = passing((dy) => tf.add(dy, tf.mean(tf.cumprod(dy))));
  const error = await failure('compiled', [
    network((layers, x) => sorted(layers.conv2d('c', x, conv))),
  ]);
  expect(error.message).toMatch(
    /^The gradient of the tf.js operation .*, used by 'my-network' in 'generator', cannot be computed: The tf.js operation 'Cumprod', used by 'my-network', cannot be compiled.$/,
  );
  expect(error.code).toBe('NCN_COMPILED_UNSUPPORTED');
  expect(error.hint).toContain('--engine wasm');
});

test('random numbers in a backward pass name the plugin', async () => {
  const noisy = passing((dy) => tf.mul(dy, tf.randomUniform(dy.shape)));
  const error = await failure('compiled', [
    network((layers, x) => noisy(layers.conv2d('c', x, conv))),
  ]);
  expect(error.code).toBe('NCN_COMPILED_IMPURE');
  expect(error.message).toContain("'randomUniform', used by 'my-network',");
});

test('operations name the innermost scope and plugin in which they were used', () => {
  const flip = (x: Tensor): Scalar =>
    withScope('here', () =>
      withContributor('someone', () => tf.sum(tf.maxPool(x as Tensor4D, 2, 1, 'same'))),
    );
  const twice = (x: Tensor): Scalar => tf.sum(tf.square(tf.grad(flip)(x)));
  expect(() => tf.grad(twice)(tf.ones([1, 4, 4, 1]))).toThrow(
    /'MaxPoolGrad', used by 'someone' in 'here', cannot be computed/,
  );
});

test('value and gradients are those of tf.js', () => {
  const [a, b] = [tf.tensor1d([1, -2, 3]), tf.tensor1d([0.5, 4, -1])];
  const f = (...[x, y]: Tensor[]): Scalar =>
    tf.sum(tf.mul(tf.elu(x as Tensor), tf.sigmoid(y as Tensor)));
  const { value, grads } = valueAndGradients(
    'n',
    f,
    new Map([
      ['a', a],
      ['b', b],
    ]),
  );
  const expected = tf.valueAndGrads(f)([a, b]);
  expect(value.dataSync()).toEqual(expected.value.dataSync());
  expect(grads.map((grad) => grad.dataSync())).toEqual(
    expected.grads.map((grad) => grad.dataSync()),
  );
});

test('a network without weights, and an error of the loss itself, are told apart', () => {
  const boom = new RangeError('boom');
  const f = (): Scalar => {
    throw boom;
  };
  expect(() => valueAndGradients('n', f, new Map([['a', tf.scalar(1)]]))).toThrow(boom);
  expect(() => valueAndGradients('n', f, new Map())).toThrow(
    "Network 'n' has no weights to train.",
  );
});

test('what tf.js itself finds wrong in a backward pass names the network', () => {
  const misshapen = tf.customGrad((...args) => ({
    value: tf.sum(args[0] as Tensor),
    gradFunc: () => tf.zeros([7]),
  }));
  expect(() =>
    valueAndGradients('n', (x) => misshapen(x) as Scalar, new Map([['a', tf.ones([2])]])),
  ).toThrow(
    expect.objectContaining({
      code: 'NCN_PLUGIN_GRADIENT',
      message: expect.stringMatching(
        /^The gradient of the losses of 'n' .* has shape '7'/,
      ) as string,
    }),
  );
});
