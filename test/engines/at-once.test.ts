import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import type { Program } from '../../core/engine/types.js';
import { openEngine } from '../../engines/registry.js';

test('sessions of two engines that are asked at once compute on their own backends', async () => {
  const [cpu, wasm] = [await openEngine('cpu'), await openEngine('wasm')];
  const seen = new Map<string, string>();
  const program = (name: string): Program => ({
    name,
    body: ({ inputs }) => {
      seen.set(name, tf.getBackend());
      return { state: new Map(), outputs: new Map([['y', tf.square(inputs.get('x') ?? 0)]]) };
    },
  });
  const x = new Map([['x', { shape: [2], data: Float32Array.of(2, 3) }]]);
  for (const order of [
    [cpu, wasm],
    [wasm, cpu],
  ]) {
    const runs = order.map((session) => session.run(program(session.engine.name), x, new Map()));
    for (const outputs of await Promise.all(runs)) {
      expect((await outputs.read()).get('y')?.data).toEqual(Float32Array.of(4, 9));
    }
    expect(Object.fromEntries(seen)).toEqual({ cpu: 'cpu', wasm: 'wasm' });
  }
  await cpu.close();
  await wasm.close();
});
