import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { compiledEngine } from '../../../engines/compiled/index.js';
import { cpuEngine } from '../../../engines/eager/cpu.js';
import { channelsOf, measureSpeed } from '../../../core/trainer/estimate/speed.js';
import { memoryNeed } from '../../../core/trainer/estimate/memory.js';
import { weightCount } from '../../../core/step/declare.js';
import { makePlan } from '../../../core/trainer/estimate/plan.js';
import { prepareTiny } from '../../support/tiny.js';

const engine = { name: 'cpu', version: '', device: '' };

async function estimate(values: Record<string, number>, speed: number): Promise<number> {
  const prepared = await prepareTiny('dcnn_v1', {
    updates: 10,
    batch: 2,
    'evaluation.every': 100,
    'evaluation.examples': 4,
    'evaluation.testExamples': 10,
    ...values,
  });
  return makePlan(prepared, engine, speed).estimatedSeconds;
}

test('the estimate counts updates by their batch, and the examples of evaluations', async () => {
  const { built } = await prepareTiny('dcnn_v1');
  const forward = (2 * (built.networks.get('generator')?.multiplyAdds ?? NaN)) / 1e9;
  const base = await estimate({}, 1);
  // An update costs three forward passes; 10 updates of 2 examples.
  expect(await estimate({ batch: 3 }, 1)).toBeCloseTo(base + 10 * 3 * forward, 8);
  // A test example is seen with both kinds of statistics, and measured twice.
  const example = 2 * forward + 2 * 3e-4;
  expect(await estimate({ 'evaluation.testExamples': 15 }, 1)).toBeCloseTo(base + 5 * example, 8);
  // Shown examples: before training, and every 5 of 10 updates in place of once at the end.
  expect(await estimate({ 'evaluation.every': 5 }, 1)).toBeCloseTo(base + 4 * example, 8);
  // An engine without end would still measure: (4 · 2 shown, 10 tested) examples twice.
  expect(await estimate({}, Infinity)).toBeCloseTo(18 * 2 * 3e-4, 10);
});

test('the layer that speed is measured with is as wide as the networks, up to a limit', async () => {
  const tiny = await prepareTiny('dcnn_v1', { 'generator.resconvnet.width': 12 });
  expect(channelsOf(tiny.built.networks.values())).toBe(12);
  const wide = await prepareTiny('dcnn_v1', { 'generator.resconvnet.width': 200 });
  expect(channelsOf(wide.built.networks.values())).toBe(128);
  // Convolutions along one axis count as those along two do.
  const waves = fileURLToPath(new URL('../../../examples/waves/preset.ts', import.meta.url));
  const one = await prepareTiny(waves, { dataset: 'waves', 'waves.network.width': 24 });
  expect(channelsOf(one.built.networks.values())).toBe(24);
  // Its last layers are 128 wide, on a single pixel: the generator's decide.
  const gan = await prepareTiny('dcgans_v4', {
    'generator.resconvnet.width': 16,
    'discriminator.vanilla.width': 0.0625,
  });
  expect(channelsOf(gan.built.networks.values())).toBe(16);
});

test('speed is a positive number on the slowest engine too', async () => {
  const session = await cpuEngine.open({});
  const speed = await measureSpeed(session, 8);
  expect(speed).toBeGreaterThan(0);
  expect(Number.isFinite(speed)).toBe(true);
  await session.close();
});

const mebibyte = 2 ** 20;

test('the plan says how much memory a run takes, and warns where there is less', async () => {
  const prepared = await prepareTiny('dcnn_v1');
  const need = { peak: 300 * mebibyte, more: 100 * mebibyte, free: 100 * mebibyte };
  const enough = makePlan(prepared, engine, 1, need);
  expect(enough.memory).toEqual(need);
  expect(enough.lines).toContain('  memory: about 300 MiB at its peak');
  expect(enough.lines.join('\n')).not.toContain('warning');
  const short = makePlan(prepared, engine, 1, { ...need, free: 40 * mebibyte });
  expect(short.lines.join('\n')).toMatch(
    /warning: that is 100 MiB more than the process holds now, and this machine has 40 MiB free.*--batch/,
  );
  // An engine that cannot tell says nothing.
  const silent = makePlan(prepared, engine, 1);
  expect([silent.memory, silent.lines.join('\n').includes('memory')]).toEqual([null, false]);
});

test('memory grows with batches and the state', async () => {
  const session = await compiledEngine.open({ threads: 1 });
  const more = async (values: Record<string, number>): Promise<number> => {
    const prepared = await prepareTiny('conditional_v5', values);
    return memoryNeed(prepared, session)?.more ?? NaN;
  };
  const base = await more({});
  expect(base).toBeGreaterThan(0);
  // What data and metrics say of themselves is added: of metrics, which take turns, the most.
  const { dataset, built, ...rest } = await prepareTiny('conditional_v5');
  const value = (): number => 0;
  const [small, large] = [2, 3].map((memory) => {
    return { name: `m${memory}`, better: null, value, memory: memory * mebibyte };
  });
  const metrics = [...built.metrics, ...[small, large].flatMap((metric) => metric ?? [])];
  const heavy = { ...dataset, memory: 5 * mebibyte };
  const needed = memoryNeed({ ...rest, dataset: heavy, built: { ...built, metrics } }, session);
  expect(needed?.more).toBe(base + 8 * mebibyte);
  expect(await more({ batch: 64 })).toBeGreaterThan(base + mebibyte);
  // Weights, their two moments, and a copy of all for a checkpoint.
  const wide = { 'discriminator.conditional.width': 0.125 };
  const weights = async (values: Record<string, number>): Promise<number> =>
    [...(await prepareTiny('conditional_v5', values)).built.networks.values()].reduce(
      (sum, network) => sum + weightCount(network),
      0,
    );
  const grown = (await weights(wide)) - (await weights({}));
  expect(await more(wide)).toBeGreaterThan(base + 6 * 4 * grown);
  await session.close();
});
