import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import { afterEach, expect, test, vi } from 'vitest';
import '../../../core/tf.js';
import type { ByteCache, HostTensors, Program, ProgramMemory } from '../../../core/engine/types.js';
import { compiledEngine } from '../../../engines/compiled/index.js';
import * as lowering from '../../../engines/compiled/lower/lower.js';
import { randomTensor } from './agree.js';
import { none, unary } from './programs.js';

/** As a folder in the user's cache, for what processes of one build make. */
class Bytes implements ByteCache {
  readonly kept = new Map<string, Uint8Array>();
  find(key: string): Uint8Array | undefined {
    return this.kept.get(key);
  }
  keep(key: string, bytes: Uint8Array): void {
    this.kept.set(key, bytes);
  }
}

const x = randomTensor([2, 9, 9, 3], 1);
const filter = tf.tensor4d(randomTensor([3, 3, 3, 4], 2).data, [3, 3, 3, 4]);
const signature = { inputs: new Map([['x', x.shape]]), scalars: [] };

/** Counts how often it is recorded. */
function network(scale = 2): Program & { recorded: number } {
  const program = {
    ...unary((image: Tensor) => {
      program.recorded++;
      const y = tf.conv2d(image as Tensor4D, tf.clone(filter), 1, 'same');
      return tf.tanh(tf.mul(y, scale));
    }),
    recorded: 0,
  };
  return program;
}

interface Outcome {
  readonly y: Float32Array | undefined;
  readonly memory: ProgramMemory | undefined;
  readonly lowered: number;
}

/** In a session of its own, as another process would: planned, then run. */
async function run(program: Program, cache?: ByteCache): Promise<Outcome> {
  const lower = vi.spyOn(lowering, 'lower');
  const session = await compiledEngine.open({ threads: 1, ...(cache && { cache }) });
  try {
    const memory = session.memory?.(program, none, signature);
    const inputs: HostTensors = new Map([['x', x]]);
    const outputs = await (await session.run(program, inputs, none)).read();
    return { y: outputs.get('y')?.data, memory, lowered: lower.mock.calls.length };
  } finally {
    await session.close();
    lower.mockRestore();
  }
}

afterEach(() => vi.unstubAllEnvs());

test('a program that was made before is recorded once and not lowered, with the same results', async () => {
  const cache = new Bytes();
  const without = await run(network());
  const first = network();
  expect(await run(first, cache)).toEqual(without);
  expect(first.recorded).toBe(2);
  expect(cache.kept.size).toBe(1);
  const second = network();
  expect(await run(second, cache)).toEqual({ ...without, lowered: 0 });
  expect(second.recorded).toBe(1);
});

test('another program, other shapes and another way to lower are made for themselves', async () => {
  const cache = new Bytes();
  await run(network(), cache);
  // One constant is another.
  expect((await run(network(3), cache)).y).toEqual((await run(network(3))).y);
  expect(cache.kept.size).toBe(2);
  vi.stubEnv('NCN_COMPILED_LAYOUT', 'plain');
  await run(network(), cache);
  const plain = cache.kept.size;
  vi.stubEnv('NCN_COMPILED_LAYOUT', 'blocked');
  expect((await run(network(), cache)).lowered).toBe(1);
  expect(cache.kept.size).toBe(plain + 1);
});

test('what is in the cache and cannot be read is made anew', async () => {
  const cache = new Bytes();
  const { y } = await run(network(), cache);
  const [name = ''] = cache.kept.keys();
  for (const wrong of [[], [0, 0, 0, 9, 1, 2], [0, 0, 0, 2, 123, 125], [255, 255, 255, 255]]) {
    cache.kept.set(name, Uint8Array.from(wrong));
    const { y: again, lowered } = await run(network(), cache);
    expect(again).toEqual(y);
    expect(lowered).toBe(1);
  }
});

test('a body that is not pure is refused, however often it is tried', async () => {
  const cache = new Bytes();
  let calls = 0;
  const impure = unary((image) => tf.mul(image, ++calls));
  for (let i = 0; i < 2; i++) await expect(run(impure, cache)).rejects.toThrow(/pure|differ/i);
  expect(cache.kept.size).toBe(0);
});
