import { expect, test } from 'vitest';
import { compiledEngine } from '../../../engines/compiled/index.js';
import { cpuEngine } from '../../../engines/eager/cpu.js';
import type { EngineProvider, HostTensor } from '../../../core/engine/types.js';
import type { Prepared } from '../../../core/trainer/build/prepare.js';
import { initialState } from '../../../core/trainer/build/state.js';
import { batchesOf } from '../../../core/trainer/loop/batches-of.js';
import { metricsOf, runUpdate, scalarsOf } from '../../../core/trainer/loop/update.js';
import { expectSameMetrics } from '../../support/metrics.js';
import { somePresets } from '../../support/presets.js';
import { prepareTiny } from '../../support/tiny.js';

interface Trained {
  readonly metrics: ReadonlyMap<string, number>[];
  readonly state: Map<string, HostTensor>;
}

/** Trains; with `resumeAt`, hands the state to a new session before that update. */
async function train(
  provider: EngineProvider,
  prepared: Prepared,
  updates: number,
  resumeAt?: number,
): Promise<Trained> {
  let session = await provider.open({ threads: 2 });
  await session.write(initialState(prepared));
  const batches = batchesOf(prepared);
  const metrics: ReadonlyMap<string, number>[] = [];
  for (const step of prepared.built.steps) {
    await session.write(step.initialState());
    for (let update = 1; update <= updates; update++) {
      if (update === resumeAt) {
        const next = await provider.open({ threads: 2 });
        await next.write(await session.read());
        await session.close();
        session = next;
      }
      const feed = await batches.at(step, update);
      const outputs = await runUpdate(session, step, feed, scalarsOf(step, update, feed));
      metrics.push(await metricsOf(outputs));
    }
  }
  const state = await session.read();
  await session.close();
  return { metrics, state };
}

test.each(somePresets)('%s trains as on cpu, update by update', async (preset) => {
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
