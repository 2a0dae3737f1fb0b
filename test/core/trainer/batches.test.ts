import { expect, test } from 'vitest';
import { inMemory } from '../../../core/data/examples.js';
import type { Examples, Shape } from '../../../core/data/types.js';
import { RandomStreams } from '../../../core/random/streams.js';
import { takenShapes } from '../../../core/step/augment.js';
import type { Augmentation } from '../../../core/step/types.js';
import { feedBatch, type ProgramFeed } from '../../../core/trainer/loop/batches.js';

/** Example i of `a` is [i, i + ½], of `b` [−i]. */
const memory = inMemory(10, {
  a: { shape: [2, 1], data: Float32Array.from({ length: 20 }, (_, i) => i / 2) },
  b: { shape: [1], data: Float32Array.from({ length: 10 }, (_, i) => -i) },
});

/** The same, noting which signals are read together. */
function watched(reads: string[][]): Examples {
  return {
    ...memory,
    read(indexes, out) {
      reads.push(Object.keys(out));
      return memory.read(indexes, out);
    },
  };
}

async function feed(
  takes: Augmentation['takes'],
  draws: Augmentation['draws'] = {},
  fixed: Readonly<Record<string, number>> = {},
) {
  const augmentation: Augmentation = { name: 'x', takes, draws, makes: [], apply: () => ({}) };
  const taken = takenShapes(augmentation, memory.signals);
  const shapes = { taken, made: new Map<string, Shape>() };
  const reads: string[][] = [];
  const result: ProgramFeed = { inputs: new Map(), scalars: new Map() };
  const examples = { example: Uint32Array.of(3, 1, 3), other: Uint32Array.of(7, 8, 9) };
  const about = { slot: 0, stream: 's', position: 5, fixed };
  const parts = { augmentation, shapes, random: new RandomStreams(1) };
  await feedBatch(result, watched(reads), parts, { ...about, examples });
  const data = (name: string) => [...(result.inputs.get(`0/${name}`)?.data ?? [])];
  return { ...result, reads, data };
}

test('signals of a sequence are read together, for the same examples', async () => {
  const { data, inputs, reads } = await feed({ x: { signal: 'a' }, y: { signal: 'b' } });
  expect(data('x')).toEqual([3, 3.5, 1, 1.5, 3, 3.5]);
  expect(data('y')).toEqual([-3, -1, -3]);
  expect(inputs.get('0/x')?.shape).toEqual([3, 2, 1]);
  expect(inputs.get('0/y')?.shape).toEqual([3, 1]);
  expect(reads).toEqual([['a', 'b']]);
});

test('one signal taken twice: of one sequence the same values, in two reads', async () => {
  const { data, reads } = await feed({
    x: { signal: 'a' },
    again: { signal: 'a' },
    y: { signal: 'b' },
  });
  expect(data('x')).toEqual([3, 3.5, 1, 1.5, 3, 3.5]);
  expect(data('again')).toEqual(data('x'));
  expect(data('y')).toEqual([-3, -1, -3]);
  expect(reads).toEqual([['a', 'b'], ['a']]);
});

test('one signal taken twice: of two sequences the values of their own examples', async () => {
  const { data, reads } = await feed({
    x: { signal: 'a' },
    other: { signal: 'a', sequence: 'other' },
  });
  expect(data('x')).toEqual([3, 3.5, 1, 1.5, 3, 3.5]);
  expect(data('other')).toEqual([7, 7.5, 8, 8.5, 9, 9.5]);
  expect(reads).toEqual([['a'], ['a']]);
});

test('draws of a batch: a scalar, a number for each example, one for each element', async () => {
  const takes = { x: { signal: 'a' }, y: { signal: 'b' } };
  const range = { low: 0, high: 1 };
  const draws = {
    gain: { per: 'batch', ...range },
    level: { per: 'example', ...range },
    noise: { per: 'element', ...range, of: 'y' },
  } as const;
  const { inputs, scalars, data } = await feed(takes, draws);
  expect([...scalars.keys()]).toEqual(['0/gain']);
  // It follows the first signal that is taken.
  expect(inputs.get('0/level')?.shape).toEqual([3, 1, 1]);
  expect(inputs.get('0/noise')?.shape).toEqual([3, 1]);
  expect(new Set(data('level')).size).toBe(3);
  // What is fixed is not drawn, and changes no other draw.
  const fixed = await feed(takes, draws, { gain: 0.5, level: 0.25 });
  expect(fixed.scalars.get('0/gain')).toBe(0.5);
  expect(fixed.data('level')).toEqual([0.25, 0.25, 0.25]);
  expect(fixed.data('noise')).toEqual(data('noise'));
});
