import '../../../core/tf.js';
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import type { Node, Recording } from '../../../engines/compiled/ir/types.js';
import { planOf } from '../../../engines/compiled/lower/plan.js';
import { record } from '../../../engines/compiled/trace/record.js';
import type { ProgramArguments, ProgramResult } from '../../../core/engine/types.js';

type Shapes = Readonly<Record<string, readonly number[]>>;

function recorded(
  state: Shapes,
  inputs: Shapes,
  body: (get: (name: string) => Tensor) => ProgramResult,
): Recording {
  const find = (args: ProgramArguments) => (name: string) => {
    const tensor = args.state.get(name) ?? args.inputs.get(name);
    if (tensor === undefined) throw new Error(`no ${name}`);
    return tensor;
  };
  const program = { name: 'test', body: (args: ProgramArguments) => body(find(args)) };
  const signature = { inputs: new Map(Object.entries(inputs)), scalars: [] };
  return record(program, new Map(Object.entries(state)), signature);
}

const cpu = { block: 16, chunk: 524_288, winograd: true };
const device = { block: 0, chunk: 0, portable: true };

const kinds = (nodes: readonly Node[]): string[] =>
  nodes.map(({ op }) => ('f' in op ? op.f : op.kind)).filter((kind) => kind !== 'input');

test('what nothing needs is never lowered; a convolution waits for its bias', () => {
  const recording = recorded({}, { x: [1, 8, 8, 2], f: [3, 3, 2, 3], b: [3] }, (get) => {
    const [x, f] = [get('x') as Tensor4D, get('f') as Tensor4D];
    tf.exp(x);
    const y = tf.relu(tf.add(tf.conv2d(x, f, 1, 'same'), get('b')));
    return { state: new Map(), outputs: new Map([['y', y]]) };
  });
  expect(kinds(recording.nodes)).toEqual(['Exp', 'conv', 'Add', 'Relu']);
  expect(kinds(planOf(recording, cpu).due)).toEqual(['Add', 'Relu']);
});

test('a convolution that is itself a result does not wait', () => {
  const recording = recorded({}, { x: [1, 8, 8, 2], f: [3, 3, 2, 3], b: [3] }, (get) => {
    const y = tf.conv2d(get('x') as Tensor4D, get('f') as Tensor4D, 1, 'same');
    const outputs = new Map<string, Tensor>([
      ['y', y],
      ['z', tf.add(y, get('b'))],
    ]);
    return { state: new Map(), outputs };
  });
  expect(kinds(planOf(recording, cpu).due)).toEqual(['conv', 'Add']);
});

/** Momentum on two parameters, w and v, by one rule. */
const momentum = (more: (get: (name: string) => Tensor) => Map<string, Tensor>) =>
  recorded({ w: [4], v: [6], 'w/m': [4], 'v/m': [6] }, { dw: [4], dv: [6] }, (get) => {
    const state = new Map<string, Tensor>();
    for (const name of ['w', 'v']) {
      const m = tf.add(tf.mul(get(`${name}/m`), 0.9), get(`d${name}`));
      state.set(`${name}/m`, m).set(name, tf.sub(get(name), tf.mul(m, 0.1)));
    }
    return { state, outputs: more(get) };
  });

test('small updates of one form are lowered together, and written over the old values', () => {
  const recording = momentum(() => new Map());
  const { updates, due, inPlace } = planOf(recording, cpu);
  const [w, v] = ['w', 'v'].map((name) => recording.state.get(name));
  if (w === undefined || v === undefined) throw new Error('no next state');
  const [first, second] = [updates.of(w), updates.of(v)];
  if (first === undefined || second === undefined) throw new Error('no update');
  expect(new Set(updates.groupOf(first))).toEqual(new Set([first, second]));
  expect(updates.groupOf(second)).toBe(updates.groupOf(first));
  expect(first.leaves.map((leaf) => updates.wantsChunks(leaf))).toEqual([false, false, false]);
  // Not the products inside the updates.
  expect(kinds(due)).toEqual(['Add', 'Sub', 'Add', 'Sub']);
  expect([...inPlace].sort()).toEqual(['v', 'v/m', 'w', 'w/m']);
});

test('an old value that is seen from outside is not written over', () => {
  const seen = momentum((get) => new Map([['norm', tf.sum(tf.abs(get('w')))]]));
  expect(planOf(seen, cpu).inPlace.has('w')).toBe(false);
  expect(planOf(seen, cpu).inPlace.has('w/m')).toBe(true);
  const given = momentum((get) => new Map([['old', get('v')]]));
  expect(planOf(given, cpu).inPlace.has('v')).toBe(false);
});

test('without chunks, as for a device, every node is lowered by itself', () => {
  const plan = planOf(
    momentum(() => new Map()),
    device,
  );
  expect(kinds(plan.due)).toEqual(['Mul', 'Add', 'Mul', 'Sub', 'Mul', 'Add', 'Mul', 'Sub']);
  expect([...plan.inPlace]).toEqual([]);
});

test('a large update comes in chunks that the cache holds', () => {
  const recording = recorded({ w: [1024, 1024] }, { dw: [1024, 1024] }, (get) => {
    const next = tf.sub(get('w'), tf.mul(get('dw'), 0.1));
    return { state: new Map([['w', next]]), outputs: new Map() };
  });
  const { updates } = planOf(recording, cpu);
  const [w] = recording.nodes;
  if (w === undefined) throw new Error('nothing was recorded');
  expect(updates.wantsChunks(w)).toBe(true);
  expect(updates.chunksOf(w)).toEqual([2, 524_288]);
});
