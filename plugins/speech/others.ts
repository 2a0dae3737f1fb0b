import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { z } from 'ncn';
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

/** Outputs of each of two methods that are kept: those of the examples that are shown at every evaluation. */
const kept = 8;
const known = new Map<string, Promise<Float32Array>>();

/** Several plugins ask for the output of an example, and every evaluation again. */
const once = ({ suffix, clean, ...rest }: OtherMethod): OtherMethod => ({
  ...{ ...rest, suffix },
  async clean(example) {
    const hash = createHash('sha256').update(suffix);
    for (const name of ['microphone', 'reference']) hash.update(example.taken(name).data);
    hash.update(example.signal('cancelled').data);
    const key = hash.digest('hex');
    const output = known.get(key) ?? Promise.resolve(clean(example));
    known.delete(key);
    known.set(key, output);
    for (const oldest of [...known.keys()].slice(0, -2 * kept)) known.delete(oldest);
    output.catch(() => known.delete(key));
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
