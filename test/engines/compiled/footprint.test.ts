import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import '../../../core/tf.js';
import type { HostTensor } from '../../../core/engine/types.js';
import { initialState } from '../../../core/trainer/build/state.js';
import { batchesOf } from '../../../core/trainer/loop/batches-of.js';
import { Arena } from '../../../engines/compiled/footprint/arena.js';
import { executionOrder } from '../../../engines/compiled/footprint/order.js';
import { valuesOf } from '../../../engines/compiled/footprint/pool.js';
import { Drafts } from '../../../engines/compiled/drafts.js';
import { openEngine } from '../../../engines/registry.js';
import { prepareTiny } from '../../support/tiny.js';
import { temporary } from '../../e2e/support.js';

describe('the pool of memory', () => {
  const taken = (steps: (arena: Arena) => void): number => {
    const arena = new Arena();
    steps(arena);
    return arena.taken;
  };

  test('grows by what is asked for, in pieces of 256 bytes', () => {
    expect(
      taken((arena) => {
        arena.take('a', 1000);
        arena.take('b', 1);
      }),
    ).toBe(1024 + 256);
  });

  test('what was given back is used again: the smallest that suffices, divided if twice as large', () => {
    expect(
      taken((arena) => {
        arena.take('large', 4096);
        arena.take('small', 1024);
        arena.giveBack('large');
        arena.giveBack('small');
        arena.take('a', 512); // half of the small one
        arena.take('b', 512); // its other half
        arena.take('c', 1024); // a part of the large one
        arena.take('d', 3072); // the rest
      }),
    ).toBe(4096 + 1024);
  });

  test('neighbours that are free join; a chunk less than twice as large is not divided', () => {
    expect(
      taken((arena) => {
        arena.take('whole', 4096);
        arena.giveBack('whole');
        arena.take('a', 1024);
        arena.take('b', 1024);
        arena.giveBack('a');
        arena.giveBack('b');
        arena.take('c', 2304);
        arena.take('d', 1792); // there is no rest: c has all of it
      }),
    ).toBe(4096 + 1792);
  });
});

interface Event {
  readonly cat: string;
  readonly name: string;
  readonly ts: number;
  readonly args?: {
    readonly op_name?: string;
    readonly output_type_shape?: readonly Readonly<Record<string, readonly number[]>>[];
  };
}

/** What ONNX Runtime says that it did, in its order: names of nodes and shapes of what they gave. */
function profiled(prefix: string): { name: string; shapes: (readonly number[])[] }[] {
  const file = readdirSync(prefix).find((name) => name.endsWith('.json')) ?? '';
  const events = JSON.parse(readFileSync(join(prefix, file), 'utf8')) as Event[];
  return events
    .filter(({ cat, name }) => cat === 'Node' && name.endsWith('_kernel_time'))
    .sort((a, b) => a.ts - b.ts)
    .map(({ name, args }) => ({
      name: name.replace(/_kernel_time$/, ''),
      shapes: (args?.output_type_shape ?? []).flatMap((output) => Object.values(output)),
    }));
}

test.each([
  ['conditional_v5', {}],
  ['dcgans_v7', {}],
])('%s: order and shapes are those that ONNX Runtime reports', async (preset, values) => {
  const prepared = await prepareTiny(preset, values);
  const step = prepared.built.steps.at(-1);
  if (step === undefined) throw new Error('no step');
  const folder = temporary();
  process.env['NCN_COMPILED_PROFILE'] = join(folder, 'p');
  const session = await openEngine('compiled', { threads: 1 });
  delete process.env['NCN_COMPILED_PROFILE'];
  const state = new Map<string, HostTensor>([...initialState(prepared), ...step.initialState()]);
  await session.write(state);
  const feed = await batchesOf(prepared).at(step, 1);
  const scalars = new Map([...step.scalars(1), ...feed.scalars]);
  await session.run(step.program, feed.inputs, scalars);
  const shapes = new Map([...state].map(([name, { shape }]) => [name, shape]));
  const signature = {
    inputs: new Map([...feed.inputs].map(([name, { shape }]) => [name, shape])),
    scalars: [...scalars.keys()],
  };
  await session.close();
  const reported = profiled(folder);
  expect(reported.length).toBeGreaterThan(100);
  // Lowered as that session does: the same machine, the same options.
  const { graph, inputs } = new Drafts({
    block: blockOf(session.engine.device),
    winograd: true,
    chunk: 524288,
  }).lowered(step.program, shapes, signature);
  const order = executionOrder(graph);
  const own = new Set(order.map(({ name = '' }) => name));
  const outer = reported.filter(({ name }) => own.has(name));
  expect(order.map(({ name }) => name)).toEqual(outer.map(({ name }) => name));
  const known = valuesOf(graph, new Map(inputs.map(({ value, physical }) => [value, physical])));
  order.forEach(({ output = [], opType = '' }, i) => {
    const ours = output.map((name) => known(name).shape);
    expect([opType, ours]).toEqual([opType, outer[i]?.shapes]);
  });
});

/** Channels of a block on a machine, by what the engine says of it. */
const blockOf = (device: string): number =>
  device.includes('AVX-512') ? 16 : device.includes('AVX2') ? 8 : 0;
