import { expect, test } from 'vitest';
import { nodeEngine, nodeGpuEngine, restoreIsNullOrUndefined } from '../../engines/eager/native.js';
import { webgpuEngine } from '../../engines/eager/webgpu.js';
import { engines, openEngine } from '../../engines/registry.js';

test('tfjs-node finds the function that Node 23 removed', () => {
  const util: { isNullOrUndefined?: (x: unknown) => boolean } = {};
  restoreIsNullOrUndefined(util);
  expect([null, undefined, 0, ''].map((x) => util.isNullOrUndefined?.(x))).toEqual([
    true,
    true,
    false,
    false,
  ]);
  const kept = { isNullOrUndefined: () => 'kept' };
  restoreIsNullOrUndefined(kept);
  expect(kept.isNullOrUndefined()).toBe('kept');
});

test.each([nodeEngine, nodeGpuEngine, webgpuEngine])(
  'an optional engine that is not installed says why, and how to get it ($name)',
  async (engine) => {
    const state = await engine.probe();
    if (state.present) {
      console.log(`${engine.name} is installed here: its absence is not tested`);
      return;
    }
    expect(state.reason).toMatch(/npm install|does not load|adapter/);
    await expect(openEngine(engine.name)).rejects.toThrow(
      `Engine '${engine.name}' is not available`,
    );
  },
);

test('auto takes the present engine of the highest priority', async () => {
  const session = await openEngine('auto');
  const present: string[] = [];
  for (const engine of engines) if ((await engine.probe()).present) present.push(engine.name);
  expect(session.engine.name).toBe(present[0]);
  await session.close();
});

test('an unknown engine is refused with the nearest name', async () => {
  const refusal = { message: "There is no engine 'wsm'.", hint: "Did you mean 'wasm'?" };
  await expect(openEngine('wsm')).rejects.toMatchObject(refusal);
});
