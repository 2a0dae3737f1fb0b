import { expect, test } from 'vitest';
import { webgpuEngine } from '../../engines/eager/webgpu.js';
import { tf } from '../../core/tf.js';

test('looking for WebGPU where no driver is leaves tf.js usable', async () => {
  process.env['VK_ICD_FILENAMES'] = '/nonexistent/icd.json';
  const found = await webgpuEngine.probe();
  // Without the package nothing is imported; with it, its backend would be the preferred one.
  if (!found.present) expect(found.reason).toMatch(/WebGPU|webgpu/);
  expect(tf.getBackend()).toBe('cpu');
  expect([...tf.zeros([2]).dataSync()]).toEqual([0, 0]);
});
