import type { EvaluatedExample, Metric } from '../../../core/evaluation/metric.js';
import { filteredSdr, siSdr, erle } from './sdr.js';
import { intelligibility } from './stoi.js';

export interface SpeechMetricOptions {
  /** Hz. */
  readonly sampleRate: number;
  /** Seconds over which speech is measured. */
  readonly span: readonly [from: number, to: number];
  /** Seconds in which there is echo alone. */
  readonly echoOnly: readonly [from: number, to: number];
  /** Further methods that the network is shown beside. */
  readonly others?: readonly OtherMethod[];
}

/** Another way to clean a recording. */
export interface OtherMethod {
  /** Behind the names of its metrics: `Speex` in `sdrSpeex`. */
  readonly suffix: string;
  /** For people. */
  readonly label: string;
  /** @returns as many samples as the microphone has */
  readonly clean: (example: EvaluatedExample) => Float32Array | Promise<Float32Array>;
}

/** Computes once for each example what several metrics need. */
function once<T>(compute: (example: EvaluatedExample) => T): (example: EvaluatedExample) => T {
  const known = new WeakMap<EvaluatedExample, { readonly value: T }>();
  return (example) => {
    const found = known.get(example) ?? { value: compute(example) };
    known.set(example, found);
    return found.value;
  };
}

/**
 * Metrics of the smart speaker: the output against the role `target`; beside it the microphone, the
 * linear canceller and further methods, as `sdrMicrophone`, `sdrCanceller`, …, which say nothing of the
 * network.
 */
export function speechMetrics(options: SpeechMetricOptions): Metric[] {
  const { sampleRate, span, echoOnly, others = [] } = options;
  const cut = (signal: Float32Array, [from, to]: readonly [number, number]): Float32Array =>
    signal.subarray(Math.round(from * sampleRate), Math.round(to * sampleRate));
  const target = (example: EvaluatedExample): Float32Array =>
    cut(example.signal('target').data, span);
  const measured = (signal: (example: EvaluatedExample) => Float32Array) => ({
    sdr: once((e) => filteredSdr(cut(signal(e), span), target(e))),
    heard: once((e) => intelligibility(cut(signal(e), span), target(e), sampleRate)),
    erle: (e: EvaluatedExample) =>
      erle(cut(e.signal('input').data, echoOnly), cut(signal(e), echoOnly)),
  });
  const { sdr, heard, erle: quieter } = measured((e) => e.output.data);
  const microphone = measured((e) => e.signal('input').data);
  const leak = once(
    (e) => filteredSdr(cut(e.output.data, span), cut(e.taken('echo').data, span)) - sdr(e),
  );
  return [
    {
      name: 'sdr',
      label: 'SDR, filtered',
      unit: 'dB',
      better: 'higher',
      headline: true,
      primary: true,
      value: sdr,
    },
    {
      name: 'sdrGain',
      label: 'SDR gain over the microphone',
      unit: 'dB',
      better: 'higher',
      headline: true,
      value: (e) => sdr(e) - microphone.sdr(e),
    },
    {
      name: 'siSdr',
      label: 'SI-SDR',
      unit: 'dB',
      better: 'higher',
      value: (e) => siSdr(cut(e.output.data, span), target(e)),
    },
    {
      name: 'stoi',
      label: 'STOI',
      better: 'higher',
      range: [-1, 1],
      headline: true,
      value: (e) => heard(e).stoi,
    },
    {
      name: 'estoi',
      label: 'ESTOI',
      better: 'higher',
      range: [-1, 1],
      value: (e) => heard(e).estoi,
    },
    {
      name: 'erle',
      label: 'Echo return loss enhancement',
      unit: 'dB',
      better: 'higher',
      value: quieter,
    },
    {
      name: 'collapseRate',
      label: 'Collapse rate',
      better: 'lower',
      format: 'percent',
      value: (e) => Number(leak(e) > 0),
    },
    {
      name: 'leak',
      label: 'Nearness to the echo',
      unit: 'dB',
      better: 'lower',
      summary: 'none',
      value: leak,
      group: {
        name: 'collapsed',
        label: 'Collapsed',
        explanation: 'Outputs that are nearer to the echo than to the speech.',
        above: 0,
      },
    },
    // Of the microphone the echo's loss would be none.
    ...beside('Microphone', 'microphone', microphone).filter(
      ({ name }) => !name.startsWith('erle'),
    ),
    ...beside(
      'Canceller',
      'linear canceller',
      measured((e) => e.signal('cancelled').data),
    ),
    ...others.flatMap(({ suffix, label, clean }) => {
      // Measured as the network is, as soon as it is there.
      const measures = once(async (e) => {
        const cleaned = await clean(e);
        return measured(() => cleaned);
      });
      return beside(suffix, label, {
        sdr: async (e) => (await measures(e)).sdr(e),
        heard: async (e) => (await measures(e)).heard(e),
        erle: async (e) => (await measures(e)).erle(e),
      });
    }),
    ...kindsOfClips(),
  ];
}

/** What is measured of any method's output. */
interface Measures {
  readonly sdr: Metric['value'];
  readonly heard: (example: EvaluatedExample) => Heard | Promise<Heard>;
  readonly erle: Metric['value'];
}

type Heard = ReturnType<typeof intelligibility>;

/** What others than the network reach: metrics of the data. */
function beside(suffix: string, method: string, { sdr, heard, erle: quieter }: Measures): Metric[] {
  const values: Readonly<Record<string, Metric['value']>> = {
    sdr,
    stoi: async (e) => (await heard(e)).stoi,
    estoi: async (e) => (await heard(e)).estoi,
    erle: quieter,
  };
  return Object.entries(values).map(([metric, value]) => ({
    name: `${metric}${suffix}`,
    label: `${metric.toUpperCase()}, ${method}`,
    ...(metric === 'sdr' || metric === 'erle' ? { unit: 'dB' } : {}),
    better: null,
    ofData: true,
    beside: { metric, method },
    value,
  }));
}

/** What tables tell clips apart by. */
function kindsOfClips(): Metric[] {
  return [
    {
      name: 'speechToEcho',
      label: 'Speech-to-echo ratio',
      unit: 'dB',
      better: null,
      ofData: true,
      kinds: {
        bounds: [-10, -5, 0],
        names: ['below −10 dB', '−10 to −5 dB', '−5 to 0 dB', '0 dB and more'].map(
          (range) => `speech-to-echo ratio ${range}`,
        ),
      },
      value: (e) => e.taken('conditions').data[0] ?? NaN,
    },
    {
      name: 'recordedMusic',
      label: 'Clips with music of the data set',
      better: null,
      format: 'percent',
      ofData: true,
      kinds: { bounds: [0.5], names: ['made-up music', 'music of the data set'] },
      value: (e) => e.taken('conditions').data[1] ?? NaN,
    },
  ];
}
