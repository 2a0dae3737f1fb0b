import { expect, test } from 'vitest';
import type { Scalar, Tensor } from '@tensorflow/tfjs-core';
import { openEngine } from '../../../../engines/registry.js';
import type { HostTensor, Program } from '../../../../core/engine/types.js';
import type { Layers } from '../../../../core/step/layers.js';
import { tf } from '../../../../core/tf.js';
import { expectClose, randomTensor } from '../../../engines/compiled/agree.js';
import { bound, declare, type Declared } from './support.js';

interface Network {
  /** Shape of the input, with the batch. */
  readonly x: readonly number[];
  readonly forward: (layers: Layers, x: Tensor) => Tensor;
}

const networks: Record<string, Network> = {
  'a spectrogram through strides along the frequencies, and back to an odd number of them': {
    x: [2, 33, 5, 2],
    forward(layers, x) {
      const options = { kernel: [5, 1], stride: [2, 1] } as const;
      const down = layers.conv2d('down', x, { filters: 4, ...options });
      const norm = layers.batchNorm('bn', down, { axes: [0, 2], momentum: 0.9 });
      const middle = layers.conv2d('middle', layers.prelu('p', norm), {
        filters: 4,
        kernel: [3, 3],
        dilation: [1, 2],
        pad: ['same', 'causal'],
      });
      const up = { filters: 2, outputSize: [33, 5], ...options } as const;
      return layers.conv2dTranspose('up', tf.tanh(middle), up);
    },
  },
  'a waveform through dilated causal convolutions': {
    x: [3, 24, 2],
    forward(layers, x) {
      let h: Tensor = layers.conv1d('first', x, { filters: 6, kernel: 3, pad: 'causal' });
      for (const dilation of [1, 2, 4]) {
        const name = `block${dilation}`;
        const options = { filters: 6, kernel: 3, dilation, pad: 'causal' } as const;
        const y = layers.conv1d(name, h, options);
        h = tf.add(h, layers.prelu(`${name}/p`, layers.groupNorm(`${name}/n`, y, { groups: 2 })));
      }
      return layers.dense('last', layers.layerNorm('norm', h), 2);
    },
  },
  'a waveform to half its length and back': {
    x: [2, 17, 2],
    forward(layers, x) {
      const half = layers.conv1d('down', x, { filters: 4, kernel: 4, stride: 2 });
      const norm = layers.instanceNorm('in', half);
      const up = { filters: 2, kernel: 4, outputSize: 17 };
      return layers.conv1dTranspose('up', tf.elu(norm), up);
    },
  },
  'holes and strides at once': {
    x: [2, 9, 11, 2],
    forward(layers, x) {
      const options = { filters: 3, kernel: 3, stride: [2, 1], dilation: [2, 3] } as const;
      const y = layers.conv2d('c', x, options);
      return layers.dense('d', layers.batchNorm('bn', y), 2);
    },
  },
  'a normalised hidden layer': {
    x: [6, 5],
    forward(layers, x) {
      const hidden = layers.batchNorm('bn', layers.dense('in', x, 8), { epsilon: 1e-2 });
      return layers.dense('out', tf.sigmoid(hidden), 2);
    },
  },
};

/** Mean square of the output, with a gradient penalty: all layers are differentiated twice. */
function loss({ forward }: Network, layers: Layers, x: Tensor): Scalar {
  const error = tf.mean<Scalar>(tf.square(tf.sub(forward(layers, x), 0.5)));
  const slope = tf.grad((y) => tf.sum(tf.square(forward(layers, y))))(x);
  return tf.add(error, tf.mul(tf.mean(tf.square(slope)), 0.1));
}

/** Gradient descent. */
function update(network: Network, { parameters, roles }: Declared): Program {
  const weights = [...parameters.keys()].filter((name) => roles.get(name) === 'weight');
  return {
    name: 'descent',
    body: ({ state, inputs }) => {
      const x = inputs.get('x') ?? tf.scalar(NaN);
      const { value, grads } = tf.valueAndGrads((...values: Tensor[]) => {
        const all = new Map(state);
        weights.forEach((name, i) => all.set(name, values[i] ?? tf.scalar(NaN)));
        return loss(network, bound(all), x);
      })(weights.map((name) => state.get(name) ?? tf.scalar(NaN)));
      const next = weights.map((name, i) => {
        const step = tf.mul(grads[i] ?? tf.scalar(NaN), 0.05);
        return [name, tf.sub(state.get(name) ?? tf.scalar(NaN), step)] as const;
      });
      return { state: new Map(next), outputs: new Map([['loss', value]]) };
    },
  };
}

interface Trained {
  readonly losses: readonly number[];
  readonly state: ReadonlyMap<string, HostTensor>;
}

async function train(network: Network, declared: Declared, engine: string): Promise<Trained> {
  const session = await openEngine(engine, { threads: 1 });
  await session.write(declared.parameters);
  const program = update(network, declared);
  const losses: number[] = [];
  for (const seed of [1, 2]) {
    const x = randomTensor(network.x, seed, -1, 1);
    const outputs = await (await session.run(program, new Map([['x', x]]), new Map())).read();
    losses.push(outputs.get('loss')?.data[0] ?? NaN);
  }
  const state = await session.read();
  await session.close();
  return { losses, state };
}

test.each(Object.entries(networks))(
  'two updates are the same on all engines: %s',
  async (_, network) => {
    await tf.setBackend('cpu');
    const declared = declare((layers) => network.forward(layers, tf.zeros([...network.x])));
    const cpu = await train(network, declared, 'cpu');
    expect(cpu.losses[0]).toBeGreaterThan(0);
    expect(cpu.losses[1]).not.toBe(cpu.losses[0]);
    for (const engine of ['wasm', 'compiled']) {
      const other = await train(network, declared, engine);
      other.losses.forEach((value, i) => {
        const expected = cpu.losses[i] ?? NaN;
        expect(Math.abs(value - expected) / expected, engine).toBeLessThan(2e-5);
      });
      for (const [name, { data }] of cpu.state) {
        const actual = other.state.get(name)?.data ?? new Float32Array();
        expectClose(`${engine} ${name}`, actual, data, 1e-4);
      }
    }
  },
);
