import { describe, expect, test } from 'vitest';
import { openWith } from '../../core/open/open.js';
import { silentSurroundings } from '../../core/open/surroundings.js';
import { channelsOf } from '../../core/trainer/estimate/speed.js';
import { runModel } from '../support/onnx.js';
import { exportOnnx } from '../../lab/export/onnx.js';
import { runFolder } from '../core/open/support.js';
import { byShape, vectors, waves } from '../support/signals.js';
import { modelCodec } from '../../engines/compiled/onnx/messages.js';

describe.each([
  ['waves', waves, [16, 2]],
  ['vectors', vectors, [6]],
])('a network of %s', (_, definition, shape) => {
  test.each(['cpu', 'wasm', 'compiled'])(
    'trains, infers, and exports with every input, also one that it ignores (%s)',
    async (engine) => {
      const options = { engine, threads: 1 };
      const experiment = await openWith(await silentSurroundings({}), definition, options);
      try {
        expect((await experiment.plan()).estimatedSeconds).toBeGreaterThan(0);
        const { outcome } = await experiment.train({ directory: runFolder() });
        expect(outcome).toBe('finished');
        const shown = (await experiment.evaluate()).results.get('fixed')?.shown;
        const names = [...(await experiment.network()).inputs.keys()];
        const signals = [...(shown?.signals ?? [])].filter(([role]) => names.includes(role));
        const given = Object.fromEntries(signals);
        const output = await experiment.infer(given);
        expect(output).toEqual(shown?.output);
        const manifest = await experiment.manifest();
        const { model, ...checked } = await experiment.withTrained((trained) =>
          exportOnnx(trained, manifest),
        );
        expect(checked).toMatchObject({ checked: '10 test examples' });
        expect(checked.difference).toBeLessThan(1e-4);
        const { graph, metadataProps = [] } = modelCodec.decode(model);
        expect(graph?.name).toBe('denoiser');
        expect(graph?.input?.map(({ name }) => name)).toEqual(['input', 'hint', 'ignored']);
        const metadata = new Map(metadataProps.map(({ key, value }) => [key, value]));
        expect(Object.fromEntries(metadata)).toMatchObject({
          preset: 'experiment',
          'input.hint': "float32 [batch, 1]; role 'hint' of the batch",
          'input.ignored': `float32 [batch, ${shape.join(', ')}]; role 'ignored' of the batch`,
          output: `float32 [batch, ${shape.join(', ')}]`,
        });
        const inputs = new Map(Object.entries(given));
        const feed = { inputs, output: { name: 'output', shape: output.shape } };
        const [values] = await runModel(model, [feed]);
        output.data.forEach((value, i) => expect(values?.[i]).toBeCloseTo(value, 4));
      } finally {
        await experiment.close();
      }
    },
  );
});

test('inputs that are no roles of a batch are checked on random numbers', async () => {
  const options = { engine: 'wasm', threads: 1 };
  const experiment = await openWith(await silentSurroundings({}), byShape, options);
  await experiment.train({ directory: runFolder() });
  const manifest = await experiment.manifest();
  const { model, ...checked } = await experiment.withTrained((trained) =>
    exportOnnx(trained, manifest),
  );
  await experiment.close();
  expect(checked).toMatchObject({ checked: '64 random examples' });
  expect(checked.difference).toBeLessThan(1e-4);
  const { metadataProps = [] } = modelCodec.decode(model);
  const input = metadataProps.find(({ key }) => key === 'input.input');
  expect(input?.value).toBe('float32 [batch, 6]');
});

test('the layer that speed is measured with is as wide as a network without 2-D convolutions', async () => {
  for (const [definition, widest] of [
    [waves, 8],
    [vectors, 12],
  ] as const) {
    const experiment = await openWith(await silentSurroundings({}), definition);
    const { built } = await experiment.prepare();
    expect(channelsOf(built.networks.values())).toBe(widest);
    await experiment.close();
  }
});
