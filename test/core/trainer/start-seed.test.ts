import { expect, test } from 'vitest';
import { batchesOf } from '../../../core/trainer/loop/batches-of.js';
import { IdleSession } from '../../../bench/idle-session.js';
import type { HostTensor, HostTensors } from '../../../core/engine/types.js';
import { initialState, writeInitialState } from '../../../core/trainer/build/state.js';
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

/** Keeps copies of what is written to it. */
class Written extends IdleSession {
  readonly state = new Map<string, HostTensor>();
  override write(state: HostTensors = new Map()): Promise<void> {
    for (const [name, { shape, data }] of state) {
      this.state.set(name, { shape, data: data.slice() });
    }
    return Promise.resolve();
  }
}

test('a session is given the same start one tensor after the other, in the same order', async () => {
  const prepared = await prepareTiny('conditional_v1', {});
  const session = new Written();
  await writeInitialState(prepared, session);
  expect([...session.state]).toEqual([...initialState(prepared)]);
});
