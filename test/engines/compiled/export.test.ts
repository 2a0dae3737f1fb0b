import onnx from 'onnx-proto';
import '../../../core/tf.js';
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { exportModel, runModel } from '../../../engines/compiled/index.js';
import { cpuEngine } from '../../../engines/eager/cpu.js';
import type { HostTensors, Program } from '../../../core/engine/types.js';
import { expectClose, randomTensor } from './agree.js';

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
  const model = onnx.onnx.ModelProto.decode(exportModel({ ...request, program: everything }));
  expect(model.opsetImport.map(({ domain, version }) => [domain, Number(version)])).toEqual([
    ['', 17],
  ]);
  const { node = [], input = [], output = [], initializer = [] } = model.graph ?? {};
  expect(new Set(node?.map(({ domain }) => domain ?? ''))).toEqual(new Set(['']));
  const shapeOf = (port: onnx.onnx.IValueInfoProto | undefined): unknown[] =>
    (port?.type?.tensorType?.shape?.dim ?? []).map((d) => d.dimParam || Number(d.dimValue));
  expect([input?.map(({ name }) => name), shapeOf(input?.[0])]).toEqual([
    ['x'],
    ['batch', side, side, 2],
  ]);
  expect([output?.map(({ name }) => name), shapeOf(output?.[0])]).toEqual([
    ['y'],
    ['batch', side, side, 2],
  ]);
  const weights = initializer?.map(({ name }) => name);
  expect(weights).toEqual(expect.arrayContaining(['down', 'up']));
  expect(weights).not.toContain('unused');
  expect(model.metadataProps.map(({ key, value }) => [key, value])).toEqual([['preset', 'none']]);
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
