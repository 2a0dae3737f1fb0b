import { afterEach, expect, test } from 'vitest';
import { compile, tf } from '../../../engines/compiled/index.js';
import { expectClose, randomTensor } from './agree.js';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});
const kept = <T extends { close(): Promise<void> }>(step: T): T => {
  open.push(step);
  return step;
};

/** The square of a line's errors, by gradient descent. */
const fit = (
  { slope, steps }: { slope: tf.Tensor; steps: tf.Tensor },
  { x, y, rate }: { x: tf.Tensor; y: tf.Tensor; rate: tf.Tensor },
) => {
  const loss = (s: tf.Tensor): tf.Scalar => tf.mean(tf.square(tf.sub(tf.mul(s, x), y)));
  const { value, grad } = tf.valueAndGrad(loss)(slope);
  return {
    state: { slope: tf.sub(slope, tf.mul(grad, rate)), steps: tf.add(steps, 1) },
    outputs: { value },
  };
};

test('a function and its state: numbers, tensors and arrays go in, the state stays', async () => {
  const step = kept(await compile(fit, { state: { slope: tf.scalar(0), steps: 0 }, threads: 1 }));
  const y = { shape: [2], data: Float32Array.of(2, 4) };
  const first = await step.run({ x: tf.tensor1d([1, 2]), y, rate: 0.1 });
  // (2² + 4²) / 2, and a gradient of −2·(1·2 + 2·4) / 2.
  expect(first.value).toEqual({ shape: [], data: Float32Array.of(10) });
  expect((await step.read(['slope'])).slope.data[0]).toBeCloseTo(1, 6);
  // Another number needs no other program; another shape gets one.
  await step.run({ x: tf.tensor1d([1, 2]), y, rate: 0 });
  await step.run({ x: 1, y: 3, rate: 0.25 });
  const { slope, steps } = await step.read();
  expect(slope.data[0]).toBeCloseTo(2, 6);
  expect(steps.data[0]).toBe(3);
  await step.write({ slope: -1 });
  expect((await step.read()).slope).toEqual({ shape: [], data: Float32Array.of(-1) });
});

test('runs that are asked for at once take place one after another', async () => {
  const counting = kept(
    await compile(
      ({ n }: { n: tf.Tensor }, { by }: { by: tf.Tensor }) => {
        const next = tf.add(n, by);
        return { state: { n: next }, outputs: { next } };
      },
      { state: { n: 0 }, threads: 1 },
    ),
  );
  const runs = await Promise.all([1, 2, 3].map((by) => counting.run({ by })));
  expect(runs.map(({ next }) => next.data[0])).toEqual([1, 3, 6]);
});

test('what cannot be compiled says so, and the state is as it was', async () => {
  const impure = kept(
    await compile(
      ({ w }: { w: tf.Tensor }) => ({ state: { w: tf.add(w, tf.randomUniform([2])) } }),
      { state: { w: tf.ones([2]) }, name: 'mine' },
    ),
  );
  await expect(impure.run({})).rejects.toMatchObject({ code: 'NCN_COMPILED_IMPURE' });
  const wider = kept(
    await compile(({ w }: { w: tf.Tensor }) => ({ state: { w: tf.concat([w, w]) } }), {
      state: { w: tf.ones([2]) },
      name: 'mine',
    }),
  );
  await expect(wider.run({})).rejects.toThrow(
    "Program 'mine': it changes 'w' from the shape [2] to [4].",
  );
  expect((await wider.read()).w.data).toEqual(Float32Array.of(1, 1));
  const strange = kept(
    await compile((_: Record<string, tf.Tensor>, { x }: { x: tf.Tensor }) => ({
      outputs: { y: tf.cumprod(x) },
    })),
  );
  await expect(strange.run({ x: tf.ones([3]) })).rejects.toMatchObject({
    code: 'NCN_COMPILED_UNSUPPORTED',
  });
});

test('an example gives the same alone and among others, but for rounding; again, the same bits', async () => {
  const weights = (shape: number[], seed: number) => randomTensor(shape, seed, -0.2, 0.2);
  const network = kept(
    await compile(
      ({ a, b }: Record<'a' | 'b', tf.Tensor>, { x }: { x: tf.Tensor }) => {
        const four = (t: tf.Tensor): tf.Tensor4D => t as tf.Tensor4D;
        const h = tf.elu(tf.conv2d(four(x), four(a), 1, 'same'));
        return { outputs: { y: tf.sigmoid(tf.conv2d(h, four(b), 1, 'same')) } };
      },
      { state: { a: weights([3, 3, 8, 64], 1), b: weights([3, 3, 64, 64], 2) }, threads: 2 },
    ),
  );
  const all = randomTensor([7, 12, 12, 8], 3);
  const size = 12 * 12 * 8;
  const [together, again] = [await network.run({ x: all }), await network.run({ x: all })];
  expect(again.y.data).toEqual(together.y.data);
  for (const i of [0, 6]) {
    const x = { shape: [1, 12, 12, 8], data: all.data.slice(i * size, (i + 1) * size) };
    const alone = (await network.run({ x })).y.data;
    const among = together.y.data.slice(i * alone.length, (i + 1) * alone.length);
    expectClose('alone', alone, among, 2e-6);
  }
});

test('what is given is copied at the call', async () => {
  const add = kept(
    await compile((_: object, { x }: { x: tf.Tensor }) => ({ outputs: { y: tf.add(x, 1) } }), {
      threads: 1,
    }),
  );
  const array = { shape: [2], data: Float32Array.of(1, 2) };
  const tensor = tf.tensor1d([3, 4]);
  const runs = [add.run({ x: array }), add.run({ x: tensor })];
  array.data.fill(100);
  tensor.dispose();
  const outputs = await Promise.all(runs);
  expect(outputs.map(({ y }) => [...y.data])).toEqual([
    [2, 3],
    [4, 5],
  ]);
});

test('state of another shape is compiled anew; numbers that do not fit it are refused', async () => {
  const add = kept(
    await compile(({ a }: { a: tf.Tensor }) => ({ outputs: { y: tf.add(a, 1) } }), {
      state: { a: tf.tensor1d([1, 2]) },
      threads: 1,
    }),
  );
  expect([...(await add.run({})).y.data]).toEqual([2, 3]);
  await add.write({ a: tf.tensor1d([4, 5, 6]) });
  expect([...(await add.run({})).y.data]).toEqual([5, 6, 7]);
  for (const data of [Float32Array.of(1), new Float32Array(9)]) {
    await expect(add.write({ a: { shape: [1, 2, 2, 1], data } })).rejects.toThrow(
      `The state 'a' was given ${data.length} numbers for the shape [1, 2, 2, 1].`,
    );
  }
  expect([...(await add.read()).a.data]).toEqual([4, 5, 6]);
});

test.each<[string, unknown, RegExp]>([
  ['nothing', {}, /returns nothing, neither 'state' nor 'outputs'/],
  ['a promise', Promise.resolve({}), /async function/],
  ['a list', { outputs: { y: [tf.scalar(1)] } }, /'outputs.y' is returned, where a tensor was/],
  ['a number', 3, /it is returned, where an object with 'state' and 'outputs' was expected/],
])('a function that returns %s is refused', async (_, result, message) => {
  const step = kept(await compile(() => result as object, { threads: 1 }));
  await expect(step.run({})).rejects.toThrow(message);
});

test.each([[[1, 2]], [{ shape: [2], data: [1, 2] }], ['1'], [tf.tensor1d(['a', 'b'])]])(
  'a value that is no tensor is refused: %j',
  async (x) => {
    const step = kept(
      await compile((_: object, i: { x: tf.Tensor }) => ({ outputs: i }), { threads: 1 }),
    );
    // As JavaScript would give it.
    const given = { x } as unknown as { x: number };
    await expect(step.run(given)).rejects.toMatchObject({ code: 'NCN_COMPILED_MISMATCH' });
    expect([...(await step.run({ x: 3 })).x.data]).toEqual([3]);
  },
);

test('a function that returns now this and now that is not pure', async () => {
  let calls = 0;
  const step = kept(
    await compile(
      (_: object, { x }: { x: tf.Tensor }) => {
        const both = [tf.add(x, 1), tf.mul(x, 5)] as const;
        return { outputs: { y: both[calls++ % 2 === 0 ? 0 : 1] } };
      },
      { threads: 1 },
    ),
  );
  await expect(step.run({ x: 1 })).rejects.toThrow(/what it returns as 'y' gave something else/);
});
