import { expect, test } from 'vitest';
import { webgpuEngine } from '../../engines/eager/webgpu.js';
import { expectSameMetrics } from '../support/metrics.js';
import { prepareTiny, trainTiny } from '../support/tiny.js';
import { useSoftwareVulkan } from '../support/vulkan.js';

useSoftwareVulkan();
const state = await webgpuEngine.probe();
const reason = state.present ? undefined : `webgpu is not tested: ${state.reason}`;
if (reason !== undefined) console.warn(reason);

test.skipIf(reason !== undefined)(
  'tf.js on webgpu trains as on cpu, update by update',
  async () => {
    const prepared = await prepareTiny('dcnn_v1');
    const actual = await trainTiny(prepared, 'webgpu', 2);
    await actual.session.close();
    const expected = await trainTiny(prepared, 'cpu', 2);
    await expected.session.close();
    expect(actual.metrics.length).toBe(2);
    expectSameMetrics(actual, expected);
  },
  240_000,
);
