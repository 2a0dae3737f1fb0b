import { readFileSync } from 'node:fs';
import { z, type EvaluatedExample } from 'ncn';
import { loadModel, type LoadedModel } from 'ncn/engine';
import { gtcrnModel, suppressWithGtcrn, type OtherMethod } from 'ncn/media';
import { speexDsp } from './speexdsp.js';

/** Options of plugins that show the network beside others. */
export const withOthers = {
  speexdsp: z
    .boolean()
    .default(true)
    .describe('whether SpeexDSP stands beside the network, where its library is installed'),
  gtcrn: z
    .boolean()
    .default(false)
    .describe(
      'whether the canceller followed by GTCRN stands beside the network, where its model is at hand',
    ),
};

interface Wanted {
  readonly speexdsp: boolean;
  readonly gtcrn: boolean;
}

/** Several plugins ask for the output of the same example. */
const cleaned = new WeakMap<EvaluatedExample, Map<string, Promise<Float32Array>>>();

const once = ({ suffix, clean, ...rest }: OtherMethod): OtherMethod => ({
  ...{ ...rest, suffix },
  async clean(example) {
    const known = cleaned.get(example) ?? new Map<string, Promise<Float32Array>>();
    cleaned.set(example, known);
    const output = known.get(suffix) ?? Promise.resolve(clean(example));
    known.set(suffix, output);
    return output;
  },
});

let suppressor: LoadedModel | undefined;

/** The methods that are wanted and can be had here, and of each other why it is not, for people. */
export function otherMethods({ speexdsp, gtcrn }: Wanted): {
  readonly methods: readonly OtherMethod[];
  readonly missing: readonly string[];
} {
  const methods: OtherMethod[] = [];
  const missing: string[] = [];
  const speex = speexdsp ? speexDsp() : undefined;
  if (speex !== undefined) {
    methods.push({
      suffix: 'Speex',
      label: 'SpeexDSP',
      clean: (e) => speex(e.taken('microphone').data, e.taken('reference').data),
    });
  } else if (speexdsp) {
    missing.push('SpeexDSP is not compared with: its library (libspeexdsp) is not installed.');
  }
  const model = gtcrn ? gtcrnModel() : undefined;
  if (model !== undefined) {
    methods.push({
      suffix: 'Gtcrn',
      label: 'canceller, GTCRN',
      clean(e) {
        suppressor ??= loadModel(readFileSync(model));
        return suppressWithGtcrn(suppressor, e.signal('cancelled').data);
      },
    });
  } else if (gtcrn) {
    missing.push(
      'GTCRN is not compared with: ncn data fetch gtcrn brings its model (0.5 MB, MIT).',
    );
  }
  return { methods: methods.map(once), missing };
}
