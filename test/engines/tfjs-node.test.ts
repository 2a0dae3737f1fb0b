import { expect, test } from 'vitest';
import { nodeEngine } from '../../engines/eager/native.js';
import { expectSameMetrics } from '../support/metrics.js';
import { presetNames } from '../support/presets.js';
import { prepareTiny, trainTiny } from '../support/tiny.js';

const found = await nodeEngine.probe();

test('tfjs-node says which TensorFlow it runs on', ({ skip }) => {
  if (!found.present) return skip(`tfjs-node: ${found.reason}`);
  expect(found.description.device).toMatch(/^TensorFlow \d+\.\d+\.\d+, (CPU|GPU)$/);
});

test.for(presetNames)(
  '%s trains on tfjs-node as on cpu',
  { timeout: 60_000 },
  async (preset, { skip }) => {
    if (!found.present) return skip(`tfjs-node: ${found.reason}`);
    const prepared = await prepareTiny(preset);
    const actual = await trainTiny(prepared, 'tfjs-node', 3);
    await actual.session.close();
    const expected = await trainTiny(prepared, 'cpu', 3);
    await expected.session.close();
    expectSameMetrics(actual, expected);
  },
);
