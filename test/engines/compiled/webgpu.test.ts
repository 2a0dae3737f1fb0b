import { expect, test } from 'vitest';
import { compiledWebgpuEngine } from '../../../engines/compiled/device/index.js';
import { openEngine } from '../../../engines/registry.js';
import { expectSameMetrics } from '../../support/metrics.js';
import { presetNames } from '../../support/presets.js';
import { prepareTiny, trainTiny } from '../../support/tiny.js';
import { useSoftwareVulkan } from '../../support/vulkan.js';
import { randomTensor } from './agree.js';

useSoftwareVulkan();
const state = await compiledWebgpuEngine.probe();
const reason = state.present ? undefined : `compiled:webgpu is not tested: ${state.reason}`;
if (reason !== undefined) console.warn(reason);
const present = test.skipIf(reason !== undefined);

// A software driver takes half a minute for a GAN.
const presets =
  process.env['NCN_TEST_WEBGPU'] === 'all' ? presetNames : ['dcnn_v1', 'conditional_v5'];

present.each(presets)(
  '%s trains as on cpu, update by update',
  async (preset) => {
    const prepared = await prepareTiny(preset);
    const actual = await trainTiny(prepared, 'compiled:webgpu', 2);
    const expected = await trainTiny(prepared, 'cpu', 2);
    expectSameMetrics(actual, expected);
    expect([...actual.state.keys()].sort()).toEqual([...expected.state.keys()].sort());
    for (const [name, { shape, data }] of actual.state) {
      expect(shape).toEqual(expected.state.get(name)?.shape);
      expect(data.every(Number.isFinite), name).toBe(true);
    }
    await actual.session.close();
    await expected.session.close();
  },
  240_000,
);

present('state comes back bit by bit; a closed session says so', async () => {
  const session = await openEngine('compiled:webgpu');
  const kernel = randomTensor([2, 3, 4, 5], 1);
  await session.write(new Map([['kernel', kernel]]));
  const smaller = randomTensor([3], 2);
  await session.write(new Map([['other', smaller]]));
  expect(await session.read()).toEqual(
    new Map([
      ['kernel', kernel],
      ['other', smaller],
    ]),
  );
  await expect(session.read(['none'])).rejects.toThrow("no tensor 'none'");
  await session.close();
  await expect(session.read()).rejects.toThrow('closed');
});
