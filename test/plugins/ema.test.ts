import { expect, test } from 'vitest';
import { openEngine } from '../../engines/registry.js';
import { prepareTiny } from '../../lab/testing/prepare.js';
import { batchesOf } from '../../core/trainer/loop/batches-of.js';
import { repeatUpdate } from '../../core/trainer/loop/replay.js';
import { initialState } from '../../core/trainer/build/state.js';

const weight = 'generator/output/kernel';

/** The weight and its average, at the start and after each of two updates of two phases. */
async function follow(values: Readonly<Record<string, number | boolean>>) {
  const prepared = await prepareTiny({
    plugins: ['ema', 'pretraining'],
    values: { 'pretraining.updates': 2, 'optimizer.adam.learningRate': 0.1, ...values },
  });
  const session = await openEngine('cpu');
  await session.write(initialState(prepared));
  const batches = batchesOf(prepared);
  const seen: { own: Float32Array; average: Float32Array }[] = [];
  const look = async (): Promise<void> => {
    const state = await session.read([weight, `ema/${weight}`]);
    const of = (name: string) => Float32Array.from(state.get(name)?.data ?? []);
    seen.push({ own: of(weight), average: of(`ema/${weight}`) });
  };
  await look();
  for (const step of prepared.built.steps) {
    await session.write(step.initialState());
    for (let update = 1; update <= 2; update++) {
      await repeatUpdate(session, step, batches, update);
      await look();
    }
  }
  await session.close();
  return seen;
}

test.each<[string, Readonly<Record<string, number | boolean>>, number[]]>([
  ['at first forgets', {}, [2 / 11, 3 / 12, 4 / 13, 5 / 14]],
  ['forgets as fast as it should', { 'ema.decay': 0.26 }, [2 / 11, 3 / 12, 0.26, 0.26]],
  ['keeps its share', { 'ema.warmUp': false, 'ema.decay': 0.9 }, [0.9, 0.9, 0.9, 0.9]],
])('the average %s, over all phases', async (_, values, kept) => {
  const [start, ...later] = await follow(values);
  expect(start?.average).toEqual(start?.own);
  let average = [...(start?.own ?? [])];
  expect(average.length).toBeGreaterThan(0);
  later.forEach((after, i) => {
    const share = kept[i] ?? NaN;
    average = average.map((old, k) => share * old + (1 - share) * (after.own[k] ?? NaN));
    average.forEach((x, k) => expect(after.average[k]).toBeCloseTo(x, 6));
  });
});
