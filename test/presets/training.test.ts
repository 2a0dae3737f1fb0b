import { expect, test } from 'vitest';
import { tf } from '../../core/tf.js';
import { somePresets } from '../support/presets.js';
import { prepareTiny, trainTiny } from '../support/tiny.js';

test.each(somePresets)('%s trains on wasm as on cpu, update by update', async (preset) => {
  const prepared = await prepareTiny(preset);
  const reference = await trainTiny(prepared, 'cpu', 2);
  const wasm = await trainTiny(prepared, 'wasm', 2);
  expect(reference.metrics.length).toBe(2 * prepared.built.steps.length);
  reference.metrics.forEach((expected, i) => {
    for (const [name, value] of expected) {
      expect(Number.isFinite(value)).toBe(true);
      expect(wasm.metrics[i]?.get(name), `${name} at update ${i + 1}`).toBeCloseTo(value, 3);
    }
  });
  const before = prepared.built.networks.get('generator');
  expect(before).toBeDefined();
  for (const [name, { data }] of reference.state) {
    expect(data.every(Number.isFinite), name).toBe(true);
  }
  await reference.session.close();
  await wasm.session.close();
});

test('the number of tensors is flat over updates', async () => {
  const prepared = await prepareTiny('dcgans_v1');
  const [step] = prepared.built.steps;
  if (step === undefined) throw new Error('no step');
  const counts: number[] = [];
  for (const updates of [1, 2, 5]) {
    const { session } = await trainTiny(prepared, 'cpu', updates);
    counts.push(tf.memory().numTensors);
    await session.close();
  }
  expect(counts[1]).toBe(counts[0]);
  expect(counts[2]).toBe(counts[0]);
});

test('the same seed gives the same bytes', async () => {
  const run = async (seed: number) => {
    const trained = await trainTiny(await prepareTiny('conditional_v1', { seed }), 'wasm', 3);
    await trained.session.close();
    return trained.state;
  };
  const [a, b, c] = [await run(5), await run(5), await run(6)];
  for (const [name, { data }] of a) expect(b.get(name)?.data, name).toEqual(data);
  expect(c.get('generator/conv1/kernel')?.data).not.toEqual(a.get('generator/conv1/kernel')?.data);
});

test('separate optimizer state for each network and phase', async () => {
  const prepared = await prepareTiny('dcgans_v7');
  const { state, session } = await trainTiny(prepared, 'cpu', 1);
  const names = [...state.keys()];
  for (const expected of [
    'optimizer/pretraining/generator/conv1/kernel/m',
    'optimizer/main/generator/conv1/kernel/m',
    'optimizer/main/discriminator/conv1/kernel/v',
  ]) {
    expect(names).toContain(expected);
  }
  expect(names.some((name) => name.startsWith('optimizer/pretraining/discriminator'))).toBe(false);
  await session.close();
});
