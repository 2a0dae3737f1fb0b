import { expect, test } from 'vitest';
import {
  tf,
  type Augmentation,
  type NetworkDefinition,
  type Optimizer,
} from '../../../core/index.js';
import { prepareTiny, type TinyExperiment } from '../../../lab/testing/prepare.js';
import { updateCost } from '../../../core/step/cost.js';
import { pluginOf } from '../../support/plugin.js';
import { trainTiny } from '../../support/tiny.js';

const pair = {
  target: { signal: 'image', sequence: 'target' },
  reference: { signal: 'image', sequence: 'reference' },
};

/** A sound augmentation, with some of it replaced. */
const augmented = (part: Partial<Augmentation>): TinyExperiment => {
  const augmentation: Augmentation = {
    name: 'mine',
    takes: pair,
    draws: {},
    makes: ['input', 'reference', 'target'],
    apply: ({ target = tf.scalar(NaN), reference = tf.scalar(NaN) }) => {
      return { input: target, reference, target };
    },
    ...part,
  };
  const plugin = pluginOf(({ hooks }) => {
    hooks.augmentation.tap(({ set }) => {
      set(augmentation);
    });
  });
  return { plugins: [plugin], without: ['augmentation'] };
};

/** Of any image. */
const made = (x: tf.Tensor = tf.scalar(NaN)) => ({ input: x, reference: x, target: x });

test('what an augmentation makes is known by role, with its shape', async () => {
  const { built } = await prepareTiny(
    augmented({
      makes: ['input', 'reference', 'target', 'brightness'],
      apply: ({ target = tf.scalar(NaN) }) => ({
        ...made(target),
        brightness: tf.mean(target, [1, 2, 3]),
      }),
    }),
  );
  expect(Object.fromEntries(built.blueprint.shapes.made)).toEqual({
    input: [28, 28, 1],
    reference: [28, 28, 1],
    target: [28, 28, 1],
    brightness: [],
    output: [28, 28, 1],
  });
});

test.each<[what: string, part: Partial<Augmentation>, message: string]>([
  [
    'makes a role that it does not declare',
    { apply: ({ target }) => ({ ...made(target), mask: target ?? tf.scalar(NaN) }) },
    "Augmentation 'mine' made the role 'mask', which it does not declare.",
  ],
  [
    'does not make a role that it declares',
    { makes: ['input', 'reference', 'target', 'mask'], apply: ({ target }) => made(target) },
    "Augmentation 'mine' declares the role 'mask', but did not make it; [1, …] was expected.",
  ],
  [
    'makes one number of a batch',
    { apply: ({ target }) => ({ ...made(target), input: tf.mean(target ?? tf.scalar(NaN)) }) },
    "Augmentation 'mine' declares the role 'input', but made it of shape []; [1, …] was expected.",
  ],
  [
    'makes another shape in evaluation than in training',
    {
      apply: ({ target = tf.scalar(NaN) }, _, mode) =>
        made(mode === 'train' ? target : tf.sum(target, [3])),
    },
    "Augmentation 'mine' makes 'input' of shape [28, 28, 1] in training and [28, 28] in evaluation.",
  ],
  [
    'takes a signal that the data set lacks',
    { takes: { target: { signal: 'imag' } } },
    "Augmentation 'mine' takes the signal 'imag', which the data set does not have; it has image.",
  ],
  ['takes nothing', { takes: {} }, "Augmentation 'mine' takes no signal of the data set."],
  [
    'makes what the main network gives',
    { makes: ['input', 'reference', 'target', 'output'] },
    "Augmentation 'mine' makes the role 'output', which is what the main network gives.",
  ],
  [
    'has a draw that follows what it does not take',
    { draws: { noise: { per: 'element', low: 0, high: 1, of: 'speech' } } },
    "The draw 'noise' follows the signal 'speech', which there is not.",
  ],
])('an augmentation that %s is refused', async (_, part, message) => {
  await expect(prepareTiny(augmented(part))).rejects.toMatchObject({
    code: 'NCN_PLUGIN_CONTRIBUTION',
    message: expect.stringContaining(message) as string,
  });
});

test('two augmentations, or none, are refused', async () => {
  const { plugins } = augmented({});
  await expect(prepareTiny({ plugins: plugins ?? [] })).rejects.toThrow(
    "The augmentation is already set ('augmentation A', by plugin 'augmentation').",
  );
  await expect(prepareTiny({ without: ['augmentation'] })).rejects.toThrow(
    'No plugin sets the augmentation.',
  );
});

/** The tiny experiment with these networks in the place of its own. */
const withNetworks = (...networks: readonly Partial<NetworkDefinition>[]): TinyExperiment => {
  const plugin = pluginOf(({ hooks }) => {
    hooks.networks.tap(({ add }) => {
      for (const network of networks) {
        add({
          name: 'net',
          inputs: { x: 'input' },
          forward: (layers, { x = tf.scalar(NaN) }) =>
            layers.conv2d('c', x, { filters: 1, kernel: 1 }),
          ...network,
        });
      }
    });
  });
  return { plugins: [plugin], without: ['generator.resconvnet'] };
};

test('the only network is the main one; of several, the one that says so', async () => {
  const only = await prepareTiny(withNetworks({}));
  expect(only.built.blueprint.main).toBe('net');
  const two = await prepareTiny(withNetworks({}, { name: 'other', main: true }));
  expect(two.built.blueprint.main).toBe('other');
  // Whatever the order, the others may see what the main one gives.
  const judged = await prepareTiny(
    withNetworks({ name: 'judge', inputs: { x: 'output' } }, { name: 'other', main: true }),
  );
  expect(judged.built.networks.get('judge')?.inputShapes.get('x')).toEqual([28, 28, 1]);
});

test.each<[what: string, networks: readonly Partial<NetworkDefinition>[], message: string]>([
  ['none', [], 'No plugin provides a network.'],
  [
    'several, none of them the main one',
    [{}, { name: 'other' }],
    "None of the networks 'net', 'other' says that it is the main one",
  ],
  [
    'two main ones',
    [{ main: true }, { name: 'other', main: true }],
    "More than one network says that it is the main one: 'net', 'other'.",
  ],
  ['two of one name', [{}, {}], "Two plugins provide the network 'net': 'test' did so already."],
  [
    'one that sees a role that nobody makes',
    [{ inputs: { x: 'inputt' } }],
    "The input 'x' of network 'net' has the shape of the role 'inputt', which the augmentation does not make.",
  ],
  [
    'a main one whose input is a shape',
    [{ inputs: { x: [28, 28, 1] } }],
    "The input 'x' of the main network 'net' is declared by a shape; a role of the batch was expected.",
  ],
])('networks: %s is refused', async (_, networks, message) => {
  const prepare = async () => {
    const prepared = await prepareTiny(withNetworks(...networks));
    // What only shows when the step is built for an engine.
    const { blueprint, networks: declared } = prepared.built;
    for (const phase of blueprint.phases) updateCost(blueprint, declared, phase);
  };
  await expect(prepare()).rejects.toMatchObject({
    code: 'NCN_PLUGIN_CONTRIBUTION',
    message: expect.stringContaining(message) as string,
  });
});

test('a loss of a network that no phase updates is refused: it would have no effect', async () => {
  const { plugins: networks = [], without = [] } = withNetworks({ main: true }, { name: 'meter' });
  const losses = pluginOf(({ hooks }) => {
    hooks.losses.tap(({ add }) => {
      add({
        name: 'mine',
        network: 'meter',
        weight: () => 1,
        value: ({ output }) => tf.mean(output),
      });
    });
  }, 'losses');
  await expect(prepareTiny({ plugins: [...networks, losses], without })).rejects.toThrow(
    "The network 'meter' has the loss term 'mine', but no phase updates it.",
  );
});

const descent: Optimizer = {
  name: 'descent',
  slots: [],
  scalars: () => ({ rate: 0.1 }),
  apply: ({ value, gradient }) => ({
    value: tf.sub(value, tf.mul(gradient, 0.1)),
    slots: new Map(),
  }),
};

test('a second optimizer of a network is refused, by the names of both plugins', async () => {
  const plugin = pluginOf(({ hooks }) => {
    hooks.optimizers.tap(({ set }) => {
      set('generator', descent);
    });
  });
  const prepare = prepareTiny({ plugins: [plugin] });
  await expect(prepare).rejects.toThrow(
    "The network 'generator' has an optimizer already, from plugin 'optimizer.adam'.",
  );
  const alone = await prepareTiny({ plugins: [plugin], without: ['optimizer.adam'] });
  expect(alone.built.blueprint.optimizers.get('generator')?.name).toBe('descent');
});

test('a network is given what it declares, in its order, whatever else a loss passes', async () => {
  const seen: string[][] = [];
  const { plugins = [], without = [] } = withNetworks(
    { main: true },
    {
      name: 'judge',
      inputs: { image: 'target', input: 'input' },
      forward: (layers, inputs) => {
        seen.push(Object.keys(inputs));
        return layers.conv2d('c', inputs['image'] ?? tf.scalar(NaN), { filters: 1, kernel: 1 });
      },
    },
  );
  const losses = pluginOf(({ hooks }) => {
    hooks.losses.tap(({ add, main }) => {
      add({
        name: 'mine',
        network: main,
        weight: () => 1,
        value: ({ run, signals, output }) => tf.mean(run('judge', { ...signals, image: output })),
      });
    });
  }, 'losses');
  const prepared = await prepareTiny({ plugins: [...plugins, losses], without });
  const { session } = await trainTiny(prepared, 'cpu', 1);
  await session.close();
  expect(seen.length).toBeGreaterThan(1);
  expect(new Set(seen.map(String))).toEqual(new Set(['image,input']));
});
