import { expect, test } from 'vitest';
import { PresetLibrary } from '../../../core/experiment/library.js';
import { resolveExperiment, type ExperimentRequest } from '../../../core/experiment/resolve.js';
import { unreached } from '../../../core/experiment/unreached.js';
import { PluginLoader } from '../../../core/plugins/loader.js';

const resolve = async (more: Partial<ExperimentRequest>) =>
  resolveExperiment(
    { preset: 'conditional_v5', profile: 'quick', ...more },
    await PresetLibrary.load(),
    new PluginLoader(),
  );

const both = new Set(['generator', 'discriminator']);
const updates = (n: number) => [['updates', n, 'command line']] as const;

test('a shortened training says what it does not get to', async () => {
  expect(unreached(await resolve({}), both)).toEqual([]);
  const short = await resolve({ set: updates(100) });
  expect(unreached(short, both)).toContainEqual({
    path: 'loss.content.weight',
    until: 481,
    wanted: 100,
    reached: 1,
  });
});

test('rates of networks that an experiment does not have are not missed', async () => {
  const short = await resolve({ preset: 'dcnn_v1', set: updates(100) });
  const paths = (names: readonly string[]): string[] =>
    unreached(short, new Set(names)).map(({ path }) => path);
  const rate = 'optimizer.adam.networks.discriminator.learningRate';
  expect(paths(['generator', 'discriminator'])).toContain(rate);
  expect(paths(['generator'])).toEqual(['optimizer.adam.learningRate']);
});

test('scaled, it gets to the end of every schedule', async () => {
  const scaled = await resolve({ set: updates(100), scale: true });
  expect(unreached(scaled, both)).toEqual([]);
  const weight = scaled.values.find(({ path }) => path === 'loss.content.weight');
  expect(weight).toMatchObject({
    value: { at: 40 },
    origin: expect.stringContaining('× 0.0833') as string,
  });
  // What the same command line sets stays as it is set.
  const own = [
    'loss.content.weight',
    { schedule: 'step', from: 1, to: 2, at: 90 },
    'command line',
  ] as const;
  const kept = await resolve({ set: [own, ...updates(100)], scale: true });
  expect(kept.values.find(({ path }) => path === 'loss.content.weight')?.value).toEqual(own[1]);
  await expect(resolve({ scale: true })).rejects.toMatchObject({ code: 'NCN_USAGE_SCALE' });
});
