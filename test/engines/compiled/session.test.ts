import '../../../core/tf.js';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  compiledEngine,
  knownKernels,
  supportedKernels,
  withContributor,
} from '../../../engines/compiled/index.js';
import type { EngineSession, HostTensor, Program } from '../../../core/engine/types.js';
import { randomTensor } from './agree.js';
import { get, none, scalar, unary } from './programs.js';

let session: EngineSession;
beforeEach(async () => {
  session = await compiledEngine.open({ threads: 2 });
});
afterEach(() => session.close());

const run = (program: Program, x: HostTensor = scalar(1)) =>
  session.run(program, new Map([['x', x]]), none);

test('state comes back bit by bit, in its logical layout', async () => {
  const odd = new Float32Array(2 * 3 * 4 * 5).map((_, i) => (i % 7 === 0 ? -0 : i / 3));
  new Uint32Array(odd.buffer)[1] = 0x7fc12345;
  await session.write(new Map([['kernel', { shape: [2, 3, 4, 5], data: odd }]]));
  const back = (await session.read()).get('kernel');
  expect(back?.shape).toEqual([2, 3, 4, 5]);
  expect(Buffer.from(back?.data.buffer ?? new ArrayBuffer()).equals(Buffer.from(odd.buffer))).toBe(
    true,
  );
});

test('state changes, outputs are read until the next run', async () => {
  const count: Program = {
    name: 'count',
    body: (args) => {
      const next = tf.add(get(args, 'state', 'n'), get(args, 'scalars', 'by'));
      return { state: new Map([['n', next]]), outputs: new Map([['double', tf.mul(next, 2)]]) };
    },
  };
  await session.write(new Map([['n', scalar(1)]]));
  const first = await session.run(count, none, new Map([['by', 2]]));
  expect((await first.read()).get('double')?.data[0]).toBe(6);
  const second = await session.run(count, none, new Map([['by', 10]]));
  expect((await second.read(['double'])).get('double')?.data[0]).toBe(26);
  expect((await session.read(['n'])).get('n')?.data[0]).toBe(13);
  expect(() => first.read()).toThrow(/after the next run/);
});

test('programs share the state; the same shapes are recorded once', async () => {
  let recordings = 0;
  const twice = unary((x) => {
    recordings++;
    return tf.mul(x, 2);
  });
  for (const size of [2, 3, 2, 3]) await run(twice, randomTensor([size], 1));
  // Each recording is made twice, to see that the two agree.
  expect(recordings).toBe(4);
});

test('an output may be an input, a state or a constant', async () => {
  await session.write(new Map([['w', randomTensor([3, 3, 2, 2], 3)]]));
  const program: Program = {
    name: 'pass',
    body: (args) => ({
      state: new Map([['w', get(args, 'state', 'w')]]),
      outputs: new Map([
        ['w', get(args, 'state', 'w')],
        ['x', get(args, 'inputs', 'x')],
        ['one', tf.ones([2, 2])],
        ['flag', tf.greater(get(args, 'inputs', 'x'), 0)],
      ]),
    }),
  };
  const before = (await session.read()).get('w');
  const outputs = await (await run(program, scalar(5))).read();
  expect(outputs.get('w')).toEqual(before);
  expect((await session.read()).get('w')).toEqual(before);
  expect(outputs.get('x')?.data[0]).toBe(5);
  expect([...(outputs.get('one')?.data ?? [])]).toEqual([1, 1, 1, 1]);
  expect(outputs.get('flag')?.data[0]).toBe(1);
});

test('what is settled is computed ahead, and again where it changes after all', async () => {
  const program: Program = {
    name: 'settled',
    settled: (name) => name !== 'sum',
    body: (args) => {
      const kernel = get(args, 'state', 'kernel') as tf.Tensor4D;
      const y = tf.conv2d(get(args, 'inputs', 'x') as tf.Tensor4D, kernel, 1, 'same');
      const z = tf.mul(y, tf.exp(get(args, 'state', 'gain')));
      const sum = tf.add(get(args, 'state', 'sum'), tf.sum(z));
      return { state: new Map([['sum', sum]]), outputs: new Map([['z', z]]) };
    },
  };
  const plain: Program = { name: 'plain', body: program.body.bind(program) };
  const double: Program = {
    name: 'double',
    body: (args) => ({
      state: new Map([['gain', tf.mul(get(args, 'state', 'gain'), 2)]]),
      outputs: new Map(),
    }),
  };
  const x = randomTensor([1, 4, 6, 3], 5);
  await session.write(
    new Map([
      ['kernel', randomTensor([3, 2, 3, 4], 6)],
      ['gain', randomTensor([4], 7)],
      ['sum', scalar(0)],
    ]),
  );
  const agree = async (): Promise<void> => {
    const result = async (p: Program) => {
      await session.write(new Map([['sum', scalar(0)]]));
      const z = (await (await run(p, x)).read()).get('z')?.data;
      return { z, sum: (await session.read(['sum'])).get('sum')?.data[0] ?? NaN };
    };
    const [ahead, then] = [await result(program), await result(plain)];
    expect(ahead.z?.length).toBe(96);
    ahead.z?.forEach((value, i) => expect(value).toBeCloseTo(then.z?.[i] ?? NaN, 5));
    expect(ahead.sum).toBeCloseTo(then.sum, 4);
  };
  await agree();
  await session.write(new Map([['kernel', randomTensor([3, 2, 3, 4], 8)]]));
  await agree();
  await run(double);
  await agree();
});

test('the event loop runs while the program does', async () => {
  const program = unary((x) => {
    let y = x;
    for (let i = 0; i < 40; i++) y = tf.tanh(tf.matMul(y, x));
    return tf.mean(y);
  });
  const x = randomTensor([512, 512], 1, -0.1, 0.1);
  await run(program, x);
  let ticks = 0;
  const timer = setInterval(() => ticks++, 1);
  await run(program, x);
  clearInterval(timer);
  expect(ticks).toBeGreaterThan(2);
});

test('an operation that cannot be compiled names itself, its plugin and a way out', async () => {
  const program = unary((x) => withContributor('my-plugin', () => tf.cumprod(x)));
  await expect(run(program, randomTensor([4], 1))).rejects.toMatchObject({
    message: "The tf.js operation 'Cumprod', used by 'my-plugin', cannot be compiled.",
    hint: expect.stringContaining('--engine wasm') as string,
  });
});

test('reading a value in the step names the operation', async () => {
  const program = unary((x) =>
    withContributor('nosy', () => tf.scalar(tf.exp(x).dataSync()[0] ?? 0)),
  );
  await expect(run(program)).rejects.toThrow(/result of 'exp', used by 'nosy', was read/);
});

test('random numbers in the step are an error', async () => {
  const program = unary((x) => tf.add(x, tf.randomUniform([3])));
  await expect(run(program)).rejects.toThrow(/not a pure function: 'randomUniform'/);
});

test('a changing closure is an error', async () => {
  let calls = 0;
  const program = unary((x) => tf.mul(x, tf.scalar(++calls)));
  await expect(run(program)).rejects.toThrow(/not a pure function/);
});

test('an error leaves state and tf.js as they were', async () => {
  await session.write(new Map([['n', scalar(1)]]));
  await tf.setBackend('cpu');
  const tensors = tf.memory().numTensors;
  const program = unary(() => {
    throw new Error('no');
  });
  await expect(run(program)).rejects.toThrow('no');
  expect(tf.getBackend()).toBe('cpu');
  expect(tf.memory().numTensors).toBe(tensors);
  expect((await session.read()).get('n')?.data[0]).toBe(1);
});

test('a program that changes a shape, or what is not there, is refused', async () => {
  await session.write(new Map([['n', scalar(1)]]));
  const wrong = (name: string): Program => ({
    name: 'wrong',
    body: () => ({ state: new Map([[name, tf.ones([2])]]), outputs: new Map() }),
  });
  await expect(run(wrong('n'))).rejects.toThrow("changes 'n' from the shape [] to [2]");
  await expect(run(wrong('m'))).rejects.toThrow("the state 'm', which does not exist");
});

test('a closed session says so', async () => {
  await session.close();
  await expect(session.read()).rejects.toThrow('closed');
});

test('the table of kernels names kernels that tf.js has', () => {
  const known = new Set(knownKernels());
  for (const name of supportedKernels()) expect(known.has(name), name).toBe(true);
  expect(supportedKernels().length).toBeGreaterThan(100);
});

test('tensors made before the step are constants, and stay where they are', async () => {
  await tf.setBackend('cpu');
  const weights = tf.tensor1d([1, 2, 3]);
  const outputs = await (
    await run(
      unary((x) => tf.sum(tf.mul(weights, x))),
      scalar(2),
    )
  ).read();
  expect(outputs.get('y')?.data[0]).toBe(12);
  expect([...weights.dataSync()]).toEqual([1, 2, 3]);
  weights.dispose();
});
