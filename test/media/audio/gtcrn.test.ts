import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { loadModel } from '../../../engines/compiled/index.js';
import { suppressWithGtcrn } from '../../../media/audio/metrics/gtcrn.js';

const model = [process.env['NCN_DATA'], resolve('../shared/data')]
  .flatMap((data) => [resolve(data ?? '', 'speech'), resolve(data ?? '')])
  .map((folder) => resolve(folder, 'models/gtcrn_simple.onnx'))
  .find((path) => existsSync(path));
if (model === undefined) {
  console.log('A test of GTCRN is skipped: its model is in neither NCN_DATA nor ../shared/data.');
}

test.skipIf(model === undefined)('GTCRN gives what it gives in Python', async () => {
  const signal = Float32Array.from({ length: 16_000 }, (_, i) => {
    const tone = (hertz: number): number => Math.sin((2 * Math.PI * hertz * i) / 16_000);
    return 0.3 * tone(220) * (0.5 + 0.5 * tone(3)) + 0.1 * tone(1730);
  });
  const loaded = loadModel(readFileSync(model ?? ''));
  const output = await suppressWithGtcrn(loaded, signal);
  // Nothing is left of the call before, and any length comes out as it went in.
  expect(await suppressWithGtcrn(loaded, signal)).toEqual(output);
  const part = await suppressWithGtcrn(loaded, signal.subarray(0, 5000));
  loaded.close();
  expect(part.length).toBe(5000);
  expect([...part.subarray(0, 4000)]).toEqual([...output.subarray(0, 4000)]);
  expect(output.length).toBe(signal.length);
  // bench/peers/speech.py, with numpy's transforms and ONNX Runtime 1.32 from Python.
  const expected = [
    [4000, -0.000118596],
    [8000, 0.0003982814],
    [12_000, -0.00197488],
    [15_000, 0.0012495664],
  ] as const;
  for (const [at, value] of expected) expect(output[at]).toBeCloseTo(value, 6);
  const power = output.reduce((sum, value) => sum + value * value, 0) / output.length;
  expect(Math.sqrt(power)).toBeCloseTo(0.011112602, 6);
});
