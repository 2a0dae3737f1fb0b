import { beforeAll, expect, test } from 'vitest';
import type { Scalar, Tensor } from '@tensorflow/tfjs-core';
import { tf } from '../../../core/tf.js';
import { augment } from '../../../core/step/augment.js';
import { applyNetwork } from '../../../core/step/declare.js';
import type { Signals } from '../../../core/step/types.js';
import { mainInputs, signalOf } from '../../../core/step/update.js';
import { batchesOf } from '../../../core/trainer/loop/batches-of.js';
import { initialState } from '../../../core/trainer/build/state.js';
import { oneBatch, prepareTiny } from '../../support/tiny.js';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

/**
 * The whole loss of a network (with its weights in the total) as a function of its weights, by
 * the loss terms themselves, at a generic point.
 */
async function lossOf(preset: string, network: string) {
  const prepared = await prepareTiny(preset);
  const { blueprint, networks } = prepared.built;
  const feed = await batchesOf(prepared, 2).at(oneBatch, 1);
  const tensors = (entries: Iterable<[string, { shape: readonly number[]; data: Float32Array }]>) =>
    new Map([...entries].map(([name, { shape, data }]) => [name, tf.tensor(data, [...shape])]));
  const scalars = new Map([...feed.scalars].map(([name, value]) => [name, tf.scalar(value)]));
  const batch = augment(blueprint.augmentation, 0, tensors(feed.inputs), scalars, 'train');
  const state = tensors(initialState(prepared));
  const names = [...state.keys()].filter(
    (name) => name.startsWith(`${network}/`) && !name.includes('moving'),
  );
  const loss = (...values: Tensor[]): Scalar => {
    const bound = new Map(state);
    names.forEach((name, i) => bound.set(name, values[i] ?? tf.scalar(NaN)));
    const run = (name: string, inputs: Signals) => {
      const found = networks.get(name);
      if (found === undefined) throw new Error(name);
      return applyNetwork(found, bound, inputs, 'batch');
    };
    const output = run(blueprint.main, mainInputs(networks, blueprint.main, batch));
    const terms = blueprint.losses
      .filter((term) => term.network === network)
      .map((term) =>
        tf.mul(
          term.value({
            signals: batch,
            signal: (role) => signalOf(batch, role),
            output,
            run,
            metric: () => undefined,
            draw: () => tf.scalar(NaN),
          }),
          term.weight(1),
        ),
      );
    return tf.addN(terms) as Scalar;
  };
  return { loss, names, values: names.map((name) => state.get(name) ?? tf.scalar(NaN)) };
}

test.each([
  ['conditional_v1', 'generator'],
  ['conditional_v1', 'discriminator'],
  ['dcgans_v5', 'generator'],
  ['dcgans_v5', 'discriminator'],
])(
  'the gradient of the whole loss of %s’s %s equals finite differences',
  async (preset, network) => {
    const { loss, names, values } = await lossOf(preset, network);
    const gradients = tf.grads(loss)(values);
    let checked = 0;
    names.forEach((name, k) => {
      const value = values[k];
      const gradient = Float32Array.from(gradients[k]?.dataSync() ?? []);
      if (value === undefined) throw new Error(name);
      // The largest entry of each gradient: its difference stands out from float32 rounding.
      const at = gradient.reduce<number>(
        (best, g, i) => (Math.abs(g) > Math.abs(gradient[best] ?? 0) ? i : best),
        0,
      );
      const g = gradient[at] ?? NaN;
      if (Math.abs(g) < 0.01) return;
      const moved = (by: number) => {
        const data = Float32Array.from(value.dataSync());
        data[at] = (data[at] ?? 0) + by;
        const shifted = values.map((v, i) => (i === k ? tf.tensor(data, value.shape) : v));
        return loss(...shifted).dataSync()[0] ?? NaN;
      };
      const h = 4e-3;
      const difference = (moved(h) - moved(-h)) / (2 * h);
      expect(
        Math.abs(difference - g) / Math.max(Math.abs(g), 0.05),
        `${name}: ${difference} against ${g}`,
      ).toBeLessThan(0.06);
      checked++;
    });
    expect(checked).toBeGreaterThan(5);
  },
);
