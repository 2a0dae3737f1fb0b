import { expect, test } from 'vitest';
import { batchesOf } from '../../../core/trainer/loop/batches-of.js';
import { initialState } from '../../../core/trainer/build/state.js';
import { oneBatch, prepareTiny } from '../../support/tiny.js';

const start = async (values: Record<string, number>) => {
  const prepared = await prepareTiny('conditional_v1', values);
  const batch = await batchesOf(prepared, 2).at(oneBatch, 1);
  return { state: initialState(prepared), batch };
};

test('the start can have a seed of its own: other weights, the same batches', async () => {
  const plain = await start({ seed: 1 });
  const other = await start({ seed: 7 });
  const mixed = await start({ seed: 1, startSeed: 7 });
  expect(mixed.state).toEqual(other.state);
  expect(mixed.state).not.toEqual(plain.state);
  expect(mixed.batch).toEqual(plain.batch);
  expect(mixed.batch).not.toEqual(other.batch);
  expect((await start({ seed: 1, startSeed: 1 })).state).toEqual(plain.state);
});
