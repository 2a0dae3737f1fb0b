import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import type { HostTensor } from '../../core/engine/types.js';
import { RunDirectory } from '../../core/run/directory.js';
import { buildInference, outputName } from '../../core/step/inference.js';
import { initialState } from '../../core/trainer/build/state.js';
import { startRun } from '../../core/trainer/loop/execute.js';
import { exportModel } from '../../engines/compiled/index.js';
import { runModel } from '../support/onnx.js';
import { openEngine } from '../../engines/registry.js';
import { tinyRun, type TinyExperiment } from '../../lab/testing/index.js';
import { prepareTiny, quietHost } from '../../lab/testing/prepare.js';
import { expectSameMetrics } from '../support/metrics.js';

/** What the tests of every example that is a preset check. */

export const presetFile = (example: string): string =>
  fileURLToPath(new URL(`../../examples/${example}/preset.ts`, import.meta.url));

/** An eager engine and the compiled one report the same of the first updates. */
export async function expectAgreement(experiment: TinyExperiment): Promise<void> {
  const [cpu, compiled] = [
    await tinyRun({ ...experiment, updates: 2, engine: 'cpu' }),
    await tinyRun({ ...experiment, updates: 2, engine: 'compiled' }),
  ];
  expect(cpu.metrics).toHaveLength(2);
  expectSameMetrics(compiled, cpu);
}

/** A run that was stopped and resumed ends with the bits of one that was not. */
export async function expectResume(experiment: TinyExperiment): Promise<void> {
  const whole = await tinyRun(experiment);
  const resumed = await tinyRun({ ...experiment, interruptAfter: 3 });
  expect(resumed.contentHash).toBe(whole.contentHash);
  expect(resumed.log).toBe(whole.log);
  const moved = [...whole.state].some(
    ([name, { data }]) => /\/m$/.test(name) && data.some(Boolean),
  );
  expect(moved).toBe(true);
}

/** `manifest.json` of a run. */
export async function manifestOf(experiment: TinyExperiment): Promise<unknown> {
  const values = { ...experiment.values, updates: 1 };
  const prepared = await prepareTiny({ ...experiment, values });
  const directory = await RunDirectory.createAt(join(mkdtempSync(join(tmpdir(), 'ncn-')), 'run'));
  const session = await openEngine('compiled');
  const { outcome } = await startRun(prepared, session, directory, quietHost());
  await session.close();
  expect(outcome.kind).toBe('finished');
  return JSON.parse(readFileSync(join(directory.path, 'manifest.json'), 'utf8'));
}

/** The main network, exported as a model for any batch size, computes what tf.js computes. */
export async function expectExport(experiment: TinyExperiment, count: number): Promise<void> {
  const prepared = await prepareTiny(experiment);
  const { networks, blueprint } = prepared.built;
  const network = networks.get(blueprint.main);
  if (network === undefined) throw new Error(blueprint.main);
  const state = initialState(prepared);
  const program = buildInference(network);
  const shapes = (batch: number) =>
    new Map([...network.inputShapes].map(([name, shape]) => [name, [batch, ...shape]]));
  const model = exportModel({
    program,
    state,
    signature: (batch) => ({ inputs: shapes(batch), scalars: [] }),
    name: 'network',
    producer: { name: 'ncn', version: '0' },
    description: '',
    metadata: {},
  });
  const inputs = new Map<string, HostTensor>();
  for (const [name, shape] of shapes(count)) {
    const data = new Float32Array(shape.reduce((a, b) => a * b));
    inputs.set(name, { shape, data: prepared.random.at(`export/${name}`).fillUniform(data) });
  }
  const session = await openEngine('cpu');
  await session.write(state);
  const expected = (await (await session.run(program, inputs, new Map())).read()).get(outputName);
  await session.close();
  const output = { name: outputName, shape: [count, ...network.outputShape] };
  const [actual] = await runModel(model, [{ inputs, output }]);
  expect(actual?.length).toBe(expected?.data.length);
  expected?.data.forEach((value, i) => expect(actual?.[i]).toBeCloseTo(value, 5));
}
