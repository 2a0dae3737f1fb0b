import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import '../../core/tf.js';
import { openEngine } from '../../engines/registry.js';
import type { EngineSession, Program } from '../../core/engine/types.js';

const x = { shape: [2], data: Float32Array.of(1, 2) };

function program(body: (x: tf.Tensor) => tf.Tensor): Program {
  return {
    name: 'p',
    body: ({ state, inputs }) => {
      const input = inputs.get('x') ?? tf.scalar(NaN);
      const old = state.get('w') ?? tf.scalar(NaN);
      const y = body(input);
      return { state: new Map([['w', tf.add(old, 1)]]), outputs: new Map([['y', y]]) };
    },
  };
}

async function run(session: EngineSession, p: Program): Promise<number[]> {
  const outputs = await (await session.run(p, new Map([['x', x]]), new Map())).read();
  return [...(outputs.get('y')?.data ?? [])];
}

test('out of memory, wasm says so, keeps the state, and the next session works', async () => {
  const first = await openEngine('wasm');
  await first.write(new Map([['w', { shape: [1], data: Float32Array.of(5) }]]));
  // A piece that cannot be had next to what is there already: refused without touching memory.
  const large = program((input) => {
    const there = tf.tile(input, [2 ** 23]);
    return tf.add(tf.sum(tf.tile(input, [2 ** 29 - 2 ** 22])), tf.sum(there));
  });
  await expect(run(first, large)).rejects.toThrow(
    "Engine 'wasm' failed, most likely for lack of memory, of which WebAssembly has 4 GB: no place for 4261412864 bytes",
  );
  expect([...((await first.read()).get('w')?.data ?? [])]).toEqual([5]);
  await first.close();
  const second = await openEngine('wasm');
  await second.write(new Map([['w', { shape: [1], data: Float32Array.of(5) }]]));
  expect(
    await run(
      second,
      program((input) => tf.mul(input, 3)),
    ),
  ).toEqual([3, 6]);
  expect([...((await second.read()).get('w')?.data ?? [])]).toEqual([6]);
  await second.close();
});

test('a trap of the module is not blamed on the plugin that was running', async () => {
  const session = await openEngine('wasm');
  await session.write(new Map([['w', { shape: [1], data: Float32Array.of(5) }]]));
  const before = tf.engine().findBackend('wasm');
  const trap = new Error('memory access out of bounds');
  trap.name = 'RuntimeError';
  const plugin = new Error("Plugin 'p' failed: memory access out of bounds", { cause: trap });
  const failing = program(() => {
    throw plugin;
  });
  await expect(run(session, failing)).rejects.toMatchObject({
    code: 'NCN_ENGINE_FAILED',
    cause: plugin,
  });
  await session.close();
  const again = await openEngine('wasm');
  expect(tf.engine().findBackend('wasm')).not.toBe(before);
  await again.close();
});
