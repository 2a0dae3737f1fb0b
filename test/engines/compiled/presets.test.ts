import { expect, test } from 'vitest';
import { compiledEngine } from '../../../engines/compiled/index.js';
import { cpuEngine } from '../../../engines/eager/cpu.js';
import type { EngineProvider, HostTensor } from '../../../core/engine/types.js';
import { BatchSource } from '../../../core/trainer/loop/batches.js';
import type { Prepared } from '../../../core/trainer/build/prepare.js';
import { initialState } from '../../../core/trainer/build/state.js';
import { expectSameMetrics } from '../../support/metrics.js';
import { presetNames } from '../../support/presets.js';
import { prepareTiny } from '../../support/tiny.js';

interface Trained {
  readonly metrics: Map<string, number>[];
  readonly state: Map<string, HostTensor>;
}

/** Trains; with `resumeAt`, hands the state to a new session before that update. */
async function train(
  provider: EngineProvider,
  prepared: Prepared,
  updates: number,
  resumeAt?: number,
): Promise<Trained> {
  const { built, dataset, random, sampler, experiment } = prepared;
  let session = await provider.open({ threads: 2 });
  await session.write(initialState(prepared));
  const { augmentation } = built.blueprint;
  const { batch } = experiment.core;
  const batches = new BatchSource(dataset.train, augmentation, random, sampler, batch);
  const metrics: Map<string, number>[] = [];
  for (const step of built.steps) {
    await session.write(step.initialState());
    for (let update = 1; update <= updates; update++) {
      if (update === resumeAt) {
        const next = await provider.open({ threads: 2 });
        await next.write(await session.read());
        await session.close();
        session = next;
      }
      const feed = batches.at(step, update);
      const scalars = new Map([...step.scalars(update), ...feed.scalars]);
      const outputs = await (await session.run(step.program, feed.inputs, scalars)).read();
      metrics.push(new Map([...outputs].map(([name, { data }]) => [name, data[0] ?? NaN])));
    }
  }
  const state = await session.read();
  await session.close();
  return { metrics, state };
}

test.each(presetNames)('%s trains as on cpu, update by update', async (preset) => {
  const prepared = await prepareTiny(preset);
  const expected = await train(cpuEngine, prepared, 3);
  const actual = await train(compiledEngine, prepared, 3);
  expectSameMetrics(actual, expected);
  for (const [name, { shape, data }] of actual.state) {
    expect(shape).toEqual(expected.state.get(name)?.shape);
    expect(data.every(Number.isFinite), name).toBe(true);
  }
});

test('two runs, and a run that was resumed, give the same bytes', async () => {
  const prepared = await prepareTiny('conditional_v1');
  const whole = await train(compiledEngine, prepared, 4);
  const again = await train(compiledEngine, prepared, 4);
  const resumed = await train(compiledEngine, prepared, 4, 3);
  const bytes = ({ state }: Trained, name: string): Buffer => {
    const data = state.get(name)?.data ?? new Float32Array();
    return Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  };
  for (const name of whole.state.keys()) {
    expect(bytes(again, name).equals(bytes(whole, name)), name).toBe(true);
    expect(bytes(resumed, name).equals(bytes(whole, name)), name).toBe(true);
  }
});
