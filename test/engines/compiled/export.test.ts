import '../../../core/tf.js';
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor2D, Tensor3D, Tensor4D } from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { exportModel } from '../../../engines/compiled/index.js';
import { runModel } from '../../support/onnx.js';
import { cpuEngine } from '../../../engines/eager/cpu.js';
import type { HostTensors, Program } from '../../../core/engine/types.js';
import { expectClose, randomTensor } from './agree.js';
import { modelCodec, type ValueInfoMessage } from '../../../engines/compiled/onnx/messages.js';

const state: HostTensors = new Map([
  ['down', randomTensor([4, 4, 2, 3], 1)],
  ['up', randomTensor([4, 4, 2, 3], 2)],
  ['dense', randomTensor([32, 5], 3)],
  ['gamma', randomTensor([3], 4)],
  ['variance', randomTensor([3], 5, 0.1, 2)],
  ['unused', randomTensor([7, 7], 6)],
]);

const side = 8;

function of(tensors: ReadonlyMap<string, Tensor>, name: string): Tensor {
  return tensors.get(name) ?? tf.scalar(NaN);
}

/** A network of the kinds of layer that a generator may have. */
const everything: Program = {
  name: 'network',
  body: ({ state: s, inputs }) => {
    const x = of(inputs, 'x') as Tensor4D;
    const batch = x.shape[0];
    const down = tf.conv2d(tf.elu(x), of(s, 'down') as Tensor4D, 2, 'same');
    const slope = tf.mul(of(s, 'gamma'), tf.rsqrt(tf.add(of(s, 'variance'), 1e-3)));
    const normal = tf.selu<Tensor4D>(tf.mul(down, slope));
    const up = tf.conv2dTranspose(
      normal,
      of(s, 'up') as Tensor4D,
      [batch, side, side, 2],
      2,
      'same',
    );
    const pooled = tf.avgPool(tf.add<Tensor4D>(up, tf.ones([batch, 1, 1, 2])), 2, 2, 'valid');
    const big = tf.image.resizeBilinear(pooled, [side, side]);
    const flat = tf.matMul(tf.reshape(pooled, [batch, 32]), of(s, 'dense'));
    const gate = tf.reshape(tf.softmax(flat), [batch, 1, 1, 5]);
    const tiled = tf.tile(tf.sum(gate, 3, true), [1, side, side, 2]);
    const mirrored = tf.mirrorPad(
      tf.slice(big, [0, 1, 1, 0], [batch, 6, 6, 2]),
      [
        [0, 0],
        [1, 1],
        [1, 1],
        [0, 0],
      ],
      'reflect',
    );
    return { state: new Map(), outputs: new Map([['y', tf.add(tf.mul(mirrored, tiled), x)]]) };
  },
};

const request = {
  state,
  signature: (batch: number) => ({ inputs: new Map([['x', [batch, side, side, 2]]]), scalars: [] }),
  name: 'network',
  producer: { name: 'test', version: '1' },
  description: 'a test',
  metadata: { preset: 'none' },
};

test('an exported program computes what tf.js does, for batches of any size', async () => {
  const model = exportModel({ ...request, program: everything });
  const session = await cpuEngine.open({});
  await session.write(state);
  for (const batch of [1, 2, 5]) {
    const x = randomTensor([batch, side, side, 2], batch);
    const expected = await (await session.run(everything, new Map([['x', x]]), new Map())).read();
    const feed = { inputs: new Map([['x', x]]), output: { name: 'y', shape: x.shape } };
    const [actual] = await runModel(model, [feed]);
    expectClose(
      `batch ${batch}`,
      actual ?? new Float32Array(),
      expected.get('y')?.data ?? new Float32Array(),
      1e-5,
    );
  }
  await session.close();
});

test('an exported program is plain ONNX: open batch, standard operators, named weights', () => {
  const model = modelCodec.decode(exportModel({ ...request, program: everything }));
  expect(model.opsetImport?.map(({ domain, version }) => [domain, Number(version)])).toEqual([
    ['', 17],
  ]);
  const { node = [], input = [], output = [], initializer = [] } = model.graph ?? {};
  expect(new Set(node.map(({ domain }) => domain ?? ''))).toEqual(new Set(['']));
  const shapeOf = (port: ValueInfoMessage | undefined): unknown[] =>
    (port?.type?.tensorType?.shape?.dim ?? []).map((d) => d.dimParam || Number(d.dimValue));
  expect([input.map(({ name }) => name), shapeOf(input[0])]).toEqual([
    ['x'],
    ['batch', side, side, 2],
  ]);
  expect([output.map(({ name }) => name), shapeOf(output[0])]).toEqual([
    ['y'],
    ['batch', side, side, 2],
  ]);
  const weights = initializer.map(({ name }) => name);
  expect(weights).toEqual(expect.arrayContaining(['down', 'up']));
  expect(weights).not.toContain('unused');
  expect(model.metadataProps?.map(({ key, value }) => [key, value])).toEqual([['preset', 'none']]);
});

test('a program that depends on the batch size in another way is refused', () => {
  const program: Program = {
    name: 'mean',
    body: ({ inputs }) => {
      const x = of(inputs, 'x');
      return { state: new Map(), outputs: new Map([['y', tf.mul(x, 1 / x.size)]]) };
    },
  };
  expect(() => exportModel({ ...request, program })).toThrow(/cannot be exported for every batch/);
});

test('a model that is none is refused with the reason of the library', async () => {
  await expect(runModel(Uint8Array.of(1, 2, 3), [])).rejects.toThrow(
    /failed to run an exported model/,
  );
});

/** Two dense layers and a constant of the batch's size, over vectors. */
const dense: Program = {
  name: 'dense',
  body: ({ state: s, inputs }) => {
    const x = of(inputs, 'x') as Tensor2D;
    const hidden = tf.elu<Tensor2D>(tf.matMul(x, of(s, 'first')));
    const shifted = tf.add<Tensor2D>(hidden, tf.ones([x.shape[0], 1]));
    return { state: new Map(), outputs: new Map([['y', tf.matMul(shifted, of(s, 'second'))]]) };
  },
};

/** Convolutions along time, a mask, and frames cut from it and put together again, over [time, channels]. */
const waves: Program = {
  name: 'waves',
  body: ({ state: s, inputs }) => {
    const x = of(inputs, 'x') as Tensor3D;
    const [batch, time, channels] = x.shape;
    const down = tf.conv1d(x, of(s, 'filter') as Tensor3D, 2, 'same');
    const mask = tf.sigmoid(tf.mul(down, of(s, 'scale')));
    const up = tf.reshape(tf.tile(tf.expandDims(mask, 2), [1, 1, 2, 1]), [batch, time, channels]);
    const frames = tf.transpose(
      tf.reshape(tf.mul(x, up), [batch, 4, time / 4, channels]),
      [0, 2, 1, 3],
    );
    const mean = tf.mean(x, [1], true);
    return {
      state: new Map(),
      outputs: new Map([['y', tf.sub(tf.reshape(frames, [batch, time, channels]), mean)]]),
    };
  },
};

const ranks: readonly [
  what: string,
  program: Program,
  shape: readonly number[],
  weights: HostTensors,
][] = [
  [
    'vectors',
    dense,
    [6],
    new Map([
      ['first', randomTensor([6, 9], 11)],
      ['second', randomTensor([9, 4], 12)],
    ]),
  ],
  [
    'waves',
    waves,
    [16, 2],
    new Map([
      ['filter', randomTensor([5, 2, 2], 13)],
      ['scale', randomTensor([2], 14)],
    ]),
  ],
];

test.each(ranks)('%s are exported as well as images', async (_, program, shape, weights) => {
  const signature = (batch: number) => ({
    inputs: new Map([['x', [batch, ...shape]]]),
    scalars: [],
  });
  const model = exportModel({ ...request, program, state: weights, signature });
  const session = await cpuEngine.open({});
  await session.write(weights);
  for (const batch of [1, 3]) {
    const x = randomTensor([batch, ...shape], batch);
    const outputs = await session.run(program, new Map([['x', x]]), new Map());
    const y = (await outputs.read()).get('y');
    if (y === undefined) throw new Error('no output');
    const feed = { inputs: new Map([['x', x]]), output: { name: 'y', shape: y.shape } };
    const [actual] = await runModel(model, [feed]);
    expectClose(`batch ${batch}`, actual ?? new Float32Array(), y.data, 1e-5);
  }
  await session.close();
});

test('what a program does not read is an input all the same, in the order of its inputs', async () => {
  const program: Program = {
    name: 'one of three',
    body: ({ inputs }) => ({
      state: new Map(),
      outputs: new Map([['y', tf.mul(of(inputs, 'read'), 2)]]),
    }),
  };
  const signature = (batch: number) => ({
    inputs: new Map([
      ['before', [batch, 3, 1]],
      ['read', [batch, 2]],
      ['after', [batch, 4, 4, 1]],
    ]),
    scalars: [],
  });
  const model = exportModel({ ...request, program, state: new Map(), signature });
  const { input = [] } = modelCodec.decode(model).graph ?? {};
  expect(
    input.map(({ name, type }) => [
      name,
      type?.tensorType?.shape?.dim?.map((d) => d.dimParam || Number(d.dimValue)),
    ]),
  ).toEqual([
    ['before', ['batch', 3, 1]],
    ['read', ['batch', 2]],
    ['after', ['batch', 4, 4, 1]],
  ]);
  const inputs = new Map(
    [...signature(2).inputs].map(([name, shape]) => [name, randomTensor(shape, 1)] as const),
  );
  const [y] = await runModel(model, [{ inputs, output: { name: 'y', shape: [2, 2] } }]);
  expect(y).toEqual(inputs.get('read')?.data.map((value) => 2 * value));
});
