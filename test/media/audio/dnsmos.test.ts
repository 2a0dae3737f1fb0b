import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { fetchModel, findModel, publishedModels } from '../../../media/audio/metrics/published.js';
import { dnsmosInput, dnsmosSamples, opinionsOf } from '../../../media/audio/metrics/dnsmos.js';
import { loadModel } from '../../../engines/compiled/index.js';
import { contextOf, serve } from '../image/data/fixtures.js';

test('a short signal is repeated, a long one is cut', () => {
  const short = dnsmosInput(Float32Array.of(1, 2, 3));
  expect(short.length).toBe(dnsmosSamples);
  expect([...short.subarray(0, 7)]).toEqual([1, 2, 3, 1, 2, 3, 1]);
  const long = Float32Array.from({ length: 2 * dnsmosSamples }, (_, i) => i % 1000);
  expect(dnsmosInput(long)).toEqual(long.subarray(0, dnsmosSamples));
  expect(dnsmosInput(new Float32Array()).every((value) => value === 0)).toBe(true);
});

test('the scores are those of the published polynomials', () => {
  const { signal, background, overall } = opinionsOf([3, 3.5, 2.5]);
  expect(signal).toBeCloseTo(2.91200747, 6);
  expect(background).toBeCloseTo(3.62305375, 6);
  expect(overall).toBeCloseTo(2.41179436, 6);
});

test.each([...publishedModels])(
  '%s that is another file is refused, and nothing is left; out of reach it is named',
  async (_, published) => {
    const context = { ...(await contextOf()), env: {} };
    const address = await serve((_request, response) => response.end('not the model'));
    await expect(fetchModel(published, { context, address })).rejects.toMatchObject({
      code: 'NCN_DATA_DOWNLOAD',
    });
    expect(findModel(published, context)).toBeUndefined();
    const offline = { ...context, env: { NCN_OFFLINE: '1' } };
    await expect(fetchModel(published, { context: offline })).rejects.toMatchObject({
      code: 'NCN_CORPUS_OFFLINE',
    });
  },
);

const model = [process.env['NCN_DATA'], resolve('../shared/data')]
  .map((data) => resolve(data ?? '', 'speech/models/sig_bak_ovr.onnx'))
  .find((path) => existsSync(path));
if (model === undefined) {
  console.log('A test of DNSMOS is skipped: its model is in neither NCN_DATA nor ../shared/data.');
}

test.skipIf(model === undefined)('the model says what it says in Python', async () => {
  const signal = Float32Array.from({ length: dnsmosSamples }, (_, i) => {
    const tone = (hertz: number): number => Math.sin((2 * Math.PI * hertz * i) / 16_000);
    return 0.3 * tone(220) * (0.5 + 0.5 * tone(3)) + 0.1 * tone(1730);
  });
  const loaded = loadModel(readFileSync(model ?? ''));
  const data = dnsmosInput(signal);
  const inputs = new Map([['input_1', { shape: [1, data.length], data }]]);
  const outputs = await loaded.run(inputs, new Map([['Identity:0', [1, 3]]]));
  loaded.close();
  // ONNX Runtime 1.32 from Python, and numpy.poly1d.
  expect(opinionsOf(outputs.get('Identity:0')?.data ?? []).overall).toBeCloseTo(
    1.0973360226850561,
    4,
  );
});
