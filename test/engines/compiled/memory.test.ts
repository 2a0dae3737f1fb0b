import '../../../core/tf.js';
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import { afterEach, describe, expect, test } from 'vitest';
import { DeviceMemory } from '../../../engines/compiled/device/memory.js';
import type { LoweringOptions } from '../../../engines/compiled/lower/options.js';
import { Api } from '../../../engines/compiled/runtime/api.js';
import { HostMemory } from '../../../engines/compiled/runtime/host-memory.js';
import { findLibrary } from '../../../engines/compiled/runtime/library.js';
import type { Memory } from '../../../engines/compiled/runtime/memory.js';
import { Runtime, type NativeOptions } from '../../../engines/compiled/runtime/native.js';
import { CompiledSession } from '../../../engines/compiled/session.js';
import type { EngineSession, HostTensor, Program } from '../../../core/engine/types.js';
import { randomTensor } from './agree.js';

const library = findLibrary();
if ('reason' in library) throw new Error(library.reason);
const runtime = new Runtime(new Api(library.path));

/** What holds for any memory is tested of both. */
const memories = {
  'host memory': (): Memory<unknown> => new HostMemory(runtime),
  // The library's memory of the CPU, handled as if it were a device's.
  'device memory': (): Memory<unknown> => new DeviceMemory(runtime, { threads: 1 }, 'Cpu'),
};
const onDevice: LoweringOptions & NativeOptions = {
  block: 0,
  chunk: 0,
  portable: true,
  threads: 1,
};
const onCpu = { block: 0, chunk: 524_288, threads: 1 };
const engine = { name: 'test', version: '1', device: 'cpu' };
const none = new Map<string, never>();

const opened: EngineSession[] = [];
function open(memory: Memory<unknown>, options = onDevice): CompiledSession<unknown> {
  const session = new CompiledSession(engine, runtime, options, memory);
  opened.push(session);
  return session;
}
afterEach(() => Promise.all(opened.splice(0).map((session) => session.close())));

const vector = (...values: number[]): HostTensor => ({
  shape: [values.length],
  data: Float32Array.from(values),
});

type Body = (get: (name: string) => Tensor) => Record<'state' | 'outputs', Record<string, Tensor>>;

function program(name: string, body: Body): Program {
  return {
    name,
    body: (args) => {
      const get = (wanted: string): Tensor => {
        const tensor = args.state.get(wanted) ?? args.inputs.get(wanted);
        if (tensor === undefined) throw new Error(`no ${wanted}`);
        return tensor;
      };
      const { state, outputs } = body(get);
      return {
        state: new Map(Object.entries(state)),
        outputs: new Map(Object.entries(outputs)),
      };
    },
  };
}

/** n ← n + x, y = 2 n. */
const count = program('count', (get) => {
  const n = tf.add(get('n'), get('x'));
  return { state: { n }, outputs: { y: tf.mul(n, 2) } };
});

/** n ← n + x and an element of n at `i`, which the library looks for when it runs. */
const pickOne = program('pick', (get) => {
  const n = tf.add(get('n'), get('x'));
  const m = tf.mul(get('m'), 0.5);
  const picked = tf.gather(get('n'), tf.cast(get('i'), 'int32'));
  return { state: { n, m }, outputs: { picked } };
});

const inputs = (entries: Record<string, HostTensor>) => new Map(Object.entries(entries));

async function valueOf(session: EngineSession, name: string): Promise<number[]> {
  return [...((await session.read([name])).get(name)?.data ?? [])];
}

describe.each(Object.entries(memories))('%s', (_, make) => {
  test('keeps what is written, shows places in their order, and gives one again', async () => {
    const memory = make();
    const [a, b] = [memory.take([2, 3]), memory.take([2])];
    await memory.write(a, (values) => {
      values.set([1, 2, 3, 4, 5, 6]);
    });
    await memory.write(b, (values) => {
      values.set([7, 8]);
    });
    const seen = await memory.read([b, a], (values, i) => [i, ...values]);
    expect(seen).toEqual([
      [0, 7, 8],
      [1, 1, 2, 3, 4, 5, 6],
    ]);
    memory.giveBack(a);
    expect(memory.take([4])).not.toBe(a);
    expect(memory.take([2, 3])).toBe(a);
  });

  test('says how much it was asked for where there is none left', () => {
    // More than 47 bits can address.
    expect(() => make().take([2 ** 46])).toThrow(
      expect.objectContaining({
        code: 'NCN_COMPILED_MEMORY',
        message: expect.stringContaining('tensor of 268435456.0 MiB') as string,
      }),
    );
  });

  test('state comes back bit by bit, also after it was written in another shape', async () => {
    const session = open(make());
    const odd = new Float32Array(2 * 3 * 4 * 5).map((__, i) => (i % 7 === 0 ? -0 : i / 3));
    new Uint32Array(odd.buffer)[1] = 0x7fc12345;
    const kernel = { shape: [2, 3, 4, 5], data: odd };
    const zeros = { shape: [3, 3, 2, 2], data: new Float32Array(36) };
    await session.write(
      inputs({ kernel: vector(1, 2), zeros: { ...zeros, data: odd.slice(0, 36) } }),
    );
    await session.write(inputs({ kernel, zeros, other: vector(5) }));
    const back = await session.read();
    expect([...back.keys()]).toEqual(['kernel', 'zeros', 'other']);
    expect(back.get('kernel')?.shape).toEqual(kernel.shape);
    const bits = (data?: Float32Array) => [...new Uint32Array(data?.buffer ?? new ArrayBuffer())];
    expect(bits(back.get('kernel')?.data)).toEqual(bits(odd));
    expect(bits(back.get('zeros')?.data)).toEqual(bits(zeros.data));
    await expect(session.read(['none'])).rejects.toThrow("no tensor 'none'");
  });

  test('a run changes the state; its outputs can be read until the next', async () => {
    const session = open(make());
    await session.write(inputs({ n: vector(1, 2) }));
    const first = await session.run(count, inputs({ x: vector(10, 20) }), none);
    expect([...((await first.read()).get('y')?.data ?? [])]).toEqual([22, 44]);
    await expect(first.read(['z'])).rejects.toThrow("no tensor 'z'");
    await session.run(count, inputs({ x: vector(1, 1) }), none);
    expect(await valueOf(session, 'n')).toEqual([12, 23]);
    expect(() => first.read()).toThrow(/after the next run/);
  });

  test('a program is compiled once for each set of shapes', async () => {
    const session = open(make());
    const sum = program('sum', (get) => ({ state: {}, outputs: { y: tf.sum(get('x')) } }));
    await session.prepare(sum, { inputs: new Map([['x', [2]]]), scalars: [] });
    for (const size of [2, 3, 2, 3])
      await session.run(sum, inputs({ x: randomTensor([size], 1) }), none);
    expect(session.compileTimes(sum)).toHaveLength(2);
  });

  test('inputs that do not fit are refused; for state of another shape a program is compiled anew', async () => {
    const session = open(make());
    await session.write(inputs({ n: { shape: [2, 3], data: new Float32Array(6) } }));
    const x = { shape: [1], data: Float32Array.of(1) };
    await session.run(count, inputs({ x }), none);
    const short = { ...x, data: new Float32Array(0) };
    await expect(session.run(count, inputs({ x: short }), none)).rejects.toThrow(
      "Program 'count': the input 'x' has not the stated shape.",
    );
    await session.write(inputs({ n: { shape: [3, 2], data: new Float32Array(6) } }));
    await session.run(count, inputs({ x }), none);
    expect((await session.read(['n'])).get('n')).toEqual({
      shape: [3, 2],
      data: new Float32Array(6).fill(1),
    });
  });

  test('a run that fails leaves the state as it was, and the session usable', async () => {
    const session = open(make());
    await session.write(inputs({ n: vector(1, 2), m: vector(8, 4) }));
    const given = (i: number) => inputs({ x: vector(1, 1), i: vector(i) });
    await expect(session.run(pickOne, given(7), none)).rejects.toMatchObject({
      code: 'NCN_COMPILED_NATIVE',
      message: expect.stringContaining("failed to run program 'pick'") as string,
    });
    expect(await valueOf(session, 'n')).toEqual([1, 2]);
    expect(await valueOf(session, 'm')).toEqual([8, 4]);
    const outputs = await session.run(pickOne, given(1), none);
    expect([...((await outputs.read()).get('picked')?.data ?? [])]).toEqual([2]);
    expect(await valueOf(session, 'n')).toEqual([2, 3]);
  });

  test('a closed session says so, also of outputs', async () => {
    const session = open(make());
    await session.write(inputs({ n: vector(1) }));
    const outputs = await session.run(count, inputs({ x: vector(1) }), none);
    await session.close();
    await expect(session.read()).rejects.toThrow('closed');
    await expect(session.write(new Map())).rejects.toThrow('closed');
    expect(() => outputs.read()).toThrow('closed');
    await session.close();
  });
});

test('no state is better than one that a failed run may have overwritten in place', async () => {
  const session = open(memories['host memory'](), onCpu);
  await session.write(inputs({ n: vector(1, 2), m: vector(8, 4) }));
  // Two updates of one form, whose old values nobody else sees.
  const shrink = program('shrink', (get) => {
    const state = { n: tf.mul(get('n'), 0.5), m: tf.mul(get('m'), 0.5) };
    const picked = tf.gather(get('x'), tf.cast(get('i'), 'int32'));
    return { state, outputs: { picked } };
  });
  const given = inputs({ x: vector(1, 1), i: vector(7) });
  const failed = "failed to run program 'shrink'";
  await expect(session.run(shrink, given, none)).rejects.toThrow(failed);
  await expect(session.read()).rejects.toThrow(failed);
  await expect(session.run(count, given, none)).rejects.toThrow(failed);
});

test('one program gives the same bytes in both memories', async () => {
  const train = program('train', (get) => {
    const loss = (w: Tensor): tf.Scalar => {
      const y = tf.conv2d(get('x') as Tensor4D, w as Tensor4D, 2, 'same');
      return tf.mean(tf.square(tf.elu(y)));
    };
    const { value, grad } = tf.valueAndGrad(loss)(get('w'));
    const m = tf.add(tf.mul(get('m'), 0.9), tf.mul(grad, 0.1));
    return { state: { m, w: tf.sub(get('w'), m) }, outputs: { loss: value } };
  });
  const results = Object.values(memories).map(async (make) => {
    const session = open(make());
    const w = randomTensor([3, 3, 2, 4], 1, -0.5, 0.5);
    await session.write(inputs({ w, m: { ...w, data: new Float32Array(w.data.length) } }));
    const losses: Map<string, HostTensor>[] = [];
    for (let update = 1; update <= 3; update++) {
      const x = randomTensor([2, 8, 8, 2], 10 + update);
      const outputs = await session.run(train, inputs({ x }), none);
      losses.push(new Map(await outputs.read()));
    }
    return { losses, state: await session.read() };
  });
  const [host, device] = await Promise.all(results);
  expect(device).toEqual(host);
  expect(host?.losses.map((loss) => loss.get('loss')?.data[0] ?? NaN).every((v) => v > 0)).toBe(
    true,
  );
});
