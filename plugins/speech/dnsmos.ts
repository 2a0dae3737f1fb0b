import { readFileSync } from 'node:fs';
import { definePlugin, filePath, z, type EvaluatedExample } from 'ncn';
import { loadModel, type LoadedModel } from 'ncn/engine';
import { dnsmosInput, dnsmosModel, opinionsOf, type OtherMethod } from 'ncn/media';
import { otherMethods, withOthers } from './others.js';

const options = z.strictObject({
  model: filePath()
    .nullable()
    .default(null)
    .describe('sig_bak_ovr.onnx; null: in the folders of data, else these metrics are left out'),
  span: z
    .tuple([z.number(), z.number()])
    .default([3, 9.95])
    .describe('seconds that are listened to'),
  ...withOthers,
});

const rate = 16_000;

/** Bytes that the model takes with its first clip, as measured. */
const modelMemory = 145 * 2 ** 20;

/** One for each file, for as long as the process lives: loading takes longer than a clip. */
const models = new Map<string, LoadedModel>();

/** DNSMOS P.835: what listeners would say of the outputs. It does not know what was spoken. */
export default definePlugin({
  name: 'speech.dnsmos',
  version: '1.2.0',
  summary: 'opinions of listeners by DNSMOS P.835, where its model file is at hand',
  options,
  setup({ hooks, options: { model, span, ...others } }) {
    const file = model ?? dnsmosModel();
    hooks.configuration.tap(({ note }) => {
      if (file === undefined) {
        note('DNSMOS is left out: ncn data fetch dnsmos brings its model (1.2 MB, CC BY 4.0).');
      }
    });
    if (file === undefined) return;
    const overall = async (signal: Float32Array): Promise<number> => {
      const loaded = models.get(file) ?? loadModel(readFileSync(file));
      models.set(file, loaded);
      const [from, to] = span.map((seconds) => Math.round(seconds * rate));
      const data = dnsmosInput(signal.subarray(from, to));
      const inputs = new Map([['input_1', { shape: [1, data.length], data }]]);
      const outputs = await loaded.run(inputs, new Map([['Identity:0', [1, 3]]]));
      return opinionsOf(outputs.get('Identity:0')?.data ?? []).overall;
    };
    hooks.metrics.tap(({ add }) => {
      add({
        name: 'dnsmos',
        label: 'DNSMOS, overall',
        better: 'higher',
        range: [1, 5],
        headline: true,
        memory: modelMemory,
        value: ({ output }: EvaluatedExample) => overall(output.data),
      });
      const methods: readonly OtherMethod[] = [
        { suffix: 'Microphone', label: 'microphone', clean: (e) => e.signal('input').data },
        {
          suffix: 'Canceller',
          label: 'linear canceller',
          clean: (e) => e.signal('cancelled').data,
        },
        ...otherMethods(others).methods,
      ];
      for (const { suffix, label: method, clean } of methods) {
        add({
          name: `dnsmos${suffix}`,
          label: `DNSMOS, ${method}`,
          better: null,
          ofData: true,
          beside: { metric: 'dnsmos', method },
          value: async (example: EvaluatedExample) => overall(await clean(example)),
        });
      }
    });
  },
});
