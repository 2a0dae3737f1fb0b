import '../../../core/tf.js';
import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { compiledEngine } from '../../../engines/compiled/index.js';
import type { Program } from '../../../core/engine/types.js';
import { get, none } from './programs.js';

const side = 300;
const square = (value: number) => ({
  shape: [side, side],
  data: new Float32Array(side * side).fill(value),
});

/** Takes some tens of milliseconds. */
const products: Program = {
  name: 'products',
  body: (args) => {
    const w = get(args, 'state', 'w');
    const powers = Array.from({ length: 8 }).reduce<tf.Tensor>(
      (y) => tf.matMul(y, w),
      get(args, 'inputs', 'x'),
    );
    return { state: none, outputs: new Map([['y', powers]]) };
  },
};
const x = new Map([['x', square(1)]]);

async function opened() {
  const session = await compiledEngine.open({ threads: 1 });
  await session.write(new Map([['w', square(1 / side)]]));
  return session;
}

test('a session that is closed during a run ends once the run has', async () => {
  const session = await opened();
  await session.run(products, x, none);
  // What the library works in was freed before: the process ended without a word.
  const [run] = await Promise.all([session.run(products, x, none), session.close()]);
  expect(() => run.read()).toThrow(/closed/);
  await expect(session.run(products, x, none)).rejects.toMatchObject({
    code: 'NCN_COMPILED_CLOSED',
  });
});

test('a session that is closed while a program is compiled says so', async () => {
  const session = await opened();
  const settled: Program = { ...products, settled: () => true };
  const run = session.run(settled, x, none);
  const failed = expect(run).rejects.toMatchObject({ code: 'NCN_COMPILED_CLOSED' });
  await session.close();
  await failed;
});

test('a program that is asked for twice while it is compiled is compiled for both', async () => {
  const session = await opened();
  const settled: Program = { ...products, settled: () => true };
  const signature = { inputs: new Map([['x', [side, side]]]), scalars: [] };
  await Promise.all([session.prepare(settled, signature), session.prepare(settled, signature)]);
  const outputs = await session.run(settled, x, none);
  expect((await outputs.read()).get('y')?.data[0]).toBeCloseTo(1, 4);
  await session.close();
});
