import '../../../core/tf.js';
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { expect } from 'vitest';
import { openEngine } from '../../../engines/registry.js';
import type { EngineSession, HostTensor, Program } from '../../../core/engine/types.js';
import { sizeOf } from '../../../engines/compiled/ir/shape.js';

/** A small generator of reproducible numbers. */
export function numbers(seed: number): () => number {
  let state = (seed * 2654435761 + 12345) >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

export function randomTensor(
  shape: readonly number[],
  seed: number,
  low = -2,
  high = 2,
): HostTensor {
  const next = numbers(seed);
  const data = Float32Array.from({ length: sizeOf(shape) }, () => low + (high - low) * next());
  return { shape, data };
}

export type Body = (...inputs: Tensor[]) => Tensor;

/** `NCN_TEST_ENGINE=compiled:webgpu` tests that engine's kernels. */
export const engineName = process.env['NCN_TEST_ENGINE'] ?? 'compiled';

let shared: Promise<EngineSession> | undefined;

function engineUnderTest(): Promise<EngineSession> {
  shared ??= openEngine(engineName, { threads: 2 });
  return shared;
}

export interface Comparison {
  /** Also compares gradients for every input. Default true. */
  readonly gradients?: boolean;
  /** Relative to the greatest value of each tensor. Default 1e-5. */
  readonly tolerance?: number;
  /** `y` and the gradients `gradient 0`, … by other means. Default: tf.js `cpu`. */
  readonly oracle?: () => ReadonlyMap<string, HostTensor>;
}

/** What the compiled engine makes of a function of tensors. */
export async function compiled(inputs: readonly HostTensor[], body: Body): Promise<Float32Array> {
  const program: Program = {
    name: 'one',
    body: (args) => ({
      state: new Map(),
      outputs: new Map([['y', body(...args.inputs.values())]]),
    }),
  };
  const named = new Map(inputs.map((tensor, i) => [`x${i}`, tensor]));
  const run = await (await engineUnderTest()).run(program, named, new Map());
  return (await run.read()).get('y')?.data ?? new Float32Array();
}

/** Runs a function of tensors on the compiled engine (or `NCN_TEST_ENGINE`) and on tf.js `cpu`, and compares. */
export async function expectAgreement(
  body: Body,
  inputs: readonly HostTensor[],
  { gradients = true, tolerance = 1e-5, oracle }: Comparison = {},
  session?: EngineSession,
): Promise<void> {
  const engine = session ?? (await engineUnderTest());
  const named = new Map(inputs.map((tensor, i) => [`x${i}`, tensor]));
  const program: Program = {
    name: 'comparison',
    body: (args) => {
      const tensors = [...args.inputs.values()];
      const outputs = new Map<string, Tensor>([['y', body(...tensors)]]);
      if (!gradients) return { state: new Map(), outputs };
      // A weighted sum, so that every value of y has a gradient of its own.
      const loss = (...xs: Tensor[]): tf.Scalar => {
        const y = body(...xs);
        return tf.sum(tf.mul(y, weights(y.shape)));
      };
      tf.grads(loss)(tensors).forEach((gradient, i) => outputs.set(`gradient ${i}`, gradient));
      return { state: new Map(), outputs };
    },
  };
  const run = await engine.run(program, named, new Map());
  const actual = await run.read();
  const expected = oracle?.() ?? (await onCpu(program, named));
  expect([...actual.keys()].sort()).toEqual([...expected.keys()].sort());
  for (const [name, { shape, data }] of expected) {
    const result = actual.get(name);
    expect(result?.shape, `shape of ${name}`).toEqual(shape);
    expectClose(name, result?.data ?? new Float32Array(), data, tolerance);
  }
}

async function onCpu(
  program: Program,
  inputs: ReadonlyMap<string, HostTensor>,
): Promise<ReadonlyMap<string, HostTensor>> {
  await tf.setBackend('cpu');
  const results = tf.tidy(() => {
    const tensors = new Map(
      [...inputs].map(([name, t]) => [name, tf.tensor(t.data, [...t.shape], 'float32')]),
    );
    const args = { inputs: tensors, state: new Map<string, Tensor>(), scalars: new Map() };
    const { outputs } = program.body(args);
    return [...outputs].map(
      ([name, t]) => [name, { shape: t.shape, data: Float32Array.from(t.dataSync()) }] as const,
    );
  });
  return new Map(results);
}

export function expectClose(
  name: string,
  actual: Float32Array,
  expected: Float32Array,
  tolerance: number,
): void {
  const scale = expected.reduce(
    (most, v) => (Number.isFinite(v) ? Math.max(most, Math.abs(v)) : most),
    1e-3,
  );
  expect(actual.length).toBe(expected.length);
  actual.forEach((value, i) => {
    const wanted = expected[i] ?? NaN;
    if (Object.is(value, wanted) || value === wanted) return;
    if (Math.abs(value - wanted) <= tolerance * scale) return;
    expect.fail(`${name}[${i}] is ${value}, expected is ${wanted} (greatest ${scale})`);
  });
}

/** What y is weighted with before the sum whose gradients are compared: the gradient of y itself. */
export const weightsOf = (shape: readonly number[]): HostTensor =>
  randomTensor(shape, 99, 0.5, 1.5);

const weights = (shape: readonly number[]): Tensor =>
  tf.tensor(weightsOf(shape).data, [...shape], 'float32');
