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
 * Metrics of the smart speaker: the output against the role `target`; beside it the microphone and the
 * linear canceller, as `sdrMicrophone`, `sdrCanceller`, …, which say nothing of the network.
 */
export function speechMetrics({ sampleRate, span, echoOnly }: SpeechMetricOptions): Metric[] {
  const cut = (signal: Float32Array, [from, to]: readonly [number, number]): Float32Array =>
    signal.subarray(Math.round(from * sampleRate), Math.round(to * sampleRate));
  const output = ({ output: { data } }: EvaluatedExample): Float32Array => cut(data, span);
  const target = (example: EvaluatedExample): Float32Array =>
    cut(example.signal('target').data, span);
  const role = (name: string) => (example: EvaluatedExample) =>
    cut(example.signal(name).data, span);
  const sdr = once((example) => filteredSdr(output(example), target(example)));
  const sdrOf = (name: string) => once((e) => filteredSdr(role(name)(e), target(e)));
  const [ofMicrophone, ofCanceller] = [sdrOf('input'), sdrOf('cancelled')];
  const heard = once((e) => intelligibility(output(e), target(e), sampleRate));
  const heardBehind = once((e) => intelligibility(role('cancelled')(e), target(e), sampleRate));
  const leak = once((e) => filteredSdr(output(e), cut(e.taken('echo').data, span)) - sdr(e));
  const quieter = (e: EvaluatedExample, of: Float32Array): number =>
    erle(cut(e.signal('input').data, echoOnly), cut(of, echoOnly));
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
      value: (e) => sdr(e) - ofMicrophone(e),
    },
    {
      name: 'siSdr',
      label: 'SI-SDR',
      unit: 'dB',
      better: 'higher',
      value: (e) => siSdr(output(e), target(e)),
    },
    { name: 'stoi', label: 'STOI', better: 'higher', headline: true, value: (e) => heard(e).stoi },
    { name: 'estoi', label: 'ESTOI', better: 'higher', value: (e) => heard(e).estoi },
    {
      name: 'erle',
      label: 'Echo return loss enhancement',
      unit: 'dB',
      better: 'higher',
      value: (e) => quieter(e, e.output.data),
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
    ...beside('Microphone', 'of the microphone', {
      sdr: ofMicrophone,
    }),
    ...beside('Canceller', 'of the linear canceller', {
      sdr: ofCanceller,
      stoi: (e) => heardBehind(e).stoi,
      estoi: (e) => heardBehind(e).estoi,
      erle: (e) => quieter(e, e.signal('cancelled').data),
    }),
    {
      name: 'speechToEcho',
      label: 'Speech-to-echo ratio',
      unit: 'dB',
      better: null,
      ofData: true,
      value: (e) => e.taken('conditions').data[0] ?? NaN,
    },
  ];
}

/** What others than the network reach: metrics of the data. */
function beside(
  suffix: string,
  whose: string,
  values: Readonly<Record<string, (example: EvaluatedExample) => number>>,
): Metric[] {
  return Object.entries(values).map(([name, value]) => ({
    name: `${name}${suffix}`,
    label: `${name.toUpperCase()} ${whose}`,
    ...(name === 'sdr' || name === 'erle' ? { unit: 'dB' } : {}),
    better: null,
    ofData: true,
    value,
  }));
}
