import '../../../core/tf.js';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { compiledEngine } from '../../../engines/compiled/index.js';
import type { EngineSession, Program } from '../../../core/engine/types.js';
import { Executable, Runtime } from '../../../engines/compiled/runtime/native.js';
import { get, none, scalar, unary } from './programs.js';

let session: EngineSession;
beforeEach(async () => {
  session = await compiledEngine.open({ threads: 2 });
});
afterEach(() => session.close());

test('a program that was begun before it had a state is the same, and is compiled once', async () => {
  const aside = vi.spyOn(Runtime.prototype, 'loadAside');
  const atOnce = vi.spyOn(Runtime.prototype, 'load');
  const released = vi.spyOn(Executable.prototype, 'release');
  try {
    const grow: Program = {
      name: 'grow',
      body: (args) => {
        const next = tf.mul(get(args, 'state', 'n'), get(args, 'inputs', 'x'));
        return { state: new Map([['n', next]]), outputs: new Map([['y', tf.add(next, 1)]]) };
      },
    };
    const signature = { inputs: new Map([['x', []]]), scalars: [] };
    session.begin?.(grow, new Map([['n', []]]), signature);
    session.begin?.(grow, new Map([['n', []]]), signature);
    await session.write(new Map([['n', scalar(3)]]));
    await session.prepare(grow, signature);
    const outputs = await session.run(grow, new Map([['x', scalar(5)]]), none);
    expect((await outputs.read()).get('y')?.data[0]).toBe(16);
    expect(aside).toHaveBeenCalledTimes(1);
    expect(atOnce).not.toHaveBeenCalled();

    // Begun for a state that it does not get: compiled for the one that it has.
    const double = unary((x) => tf.mul(x, 2));
    session.begin?.(double, new Map(), { inputs: new Map([['x', [7]]]), scalars: [] });
    const seven = { shape: [2], data: Float32Array.of(7, 8) };
    expect(
      (await (await session.run(double, new Map([['x', seven]]), none)).read()).get('y')?.data,
    ).toEqual(Float32Array.of(14, 16));
    expect(atOnce).toHaveBeenCalledTimes(1);

    // What nobody took is released with the session.
    session.begin?.(
      unary((x) => tf.mul(x, 3)),
      none,
      { inputs: new Map([['x', []]]), scalars: [] },
    );
    await session.close();
    expect(aside).toHaveBeenCalledTimes(3);
    // Once it is there; so is what was compiled for another state.
    await vi.waitFor(() => expect(released).toHaveBeenCalledTimes(4));
  } finally {
    released.mockRestore();
    aside.mockRestore();
    atOnce.mockRestore();
  }
});

test('what the library refuses of a program that was begun is told by whoever waits for it', async () => {
  const refused = vi.spyOn(Runtime.prototype, 'loadAside').mockImplementationOnce(function (
    this: Runtime,
    _,
    options,
  ) {
    // The library itself, given what is no model.
    return this.loadAside(Uint8Array.of(1, 2, 3), options);
  });
  try {
    const signature = { inputs: new Map([['x', []]]), scalars: [] };
    const program = unary((x) => tf.mul(x, 2));
    session.begin?.(program, none, signature);
    await expect(session.prepare(program, signature)).rejects.toThrow(
      /^The compiled engine failed to compile program 'test': ./,
    );
  } finally {
    refused.mockRestore();
  }
});

test('a program that cannot be recorded for the state that it gets is said, and frees nothing twice', async () => {
  const released = vi.spyOn(Executable.prototype, 'release');
  try {
    const scale: Program = {
      name: 'scale',
      body: (args) => {
        const y = tf.mul(get(args, 'state', 'n'), get(args, 'inputs', 'x'));
        return { state: none, outputs: new Map([['y', y]]) };
      },
    };
    const signature = { inputs: new Map([['x', []]]), scalars: [] };
    session.begin?.(scale, new Map([['n', []]]), signature);
    // A state without `n`, as that of an older checkpoint: the process ended in a fault of memory.
    await expect(session.prepare(scale, signature)).rejects.toThrow(/n/);
    await session.close();
    await vi.waitFor(() => expect(released).toHaveBeenCalledTimes(1));
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(released).toHaveBeenCalledTimes(1);
  } finally {
    released.mockRestore();
  }
});
