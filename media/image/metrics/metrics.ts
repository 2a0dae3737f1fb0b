import type { EvaluatedExample, Metric } from '../../../core/evaluation/metric.js';
import { collapseMargin } from './collapse.js';
import { pixelErrors, type PixelErrors } from './pixels.js';
import { ssim } from './ssim.js';

/** Computes once for each example what several metrics need. */
function once<T>(compute: (example: EvaluatedExample) => T): (example: EvaluatedExample) => T {
  const known = new WeakMap<EvaluatedExample, { readonly value: T }>();
  return (example) => {
    const found = known.get(example) ?? { value: compute(example) };
    known.set(example, found);
    return found.value;
  };
}

const errors = once((example): PixelErrors => {
  const { output } = example;
  return pixelErrors(output.data, example.signal('target').data, 0, output.data.length);
});

/** The reference as it is in the data set: at any scale above zero. */
const margin = once((example): number => {
  const { output } = example;
  const [target, reference] = [example.signal('target').data, example.taken('reference').data];
  return collapseMargin(output.data, target, reference, 0, output.data.length);
});

/** Structural similarity of [height, width, channels]: the mean over the channels. */
function similarity(example: EvaluatedExample): number {
  const { shape, data } = example.output;
  const [height = 0, width = 0, channels = 1] = shape;
  const target = example.signal('target').data;
  if (channels === 1) return ssim(data, target, 0, height, width);
  const plane = (of: Float32Array, channel: number): Float32Array =>
    Float32Array.from({ length: height * width }, (_, i) => of[i * channels + channel] ?? 0);
  let sum = 0;
  for (let channel = 0; channel < channels; channel++) {
    sum += ssim(plane(data, channel), plane(target, channel), 0, height, width);
  }
  return sum / channels;
}

/** Mean of |target|: what an output of zeros would score as content error. */
function darkness(example: EvaluatedExample): number {
  const { data } = example.signal('target');
  return data.reduce((sum, value) => sum + Math.abs(value), 0) / data.length;
}

/**
 * The metrics of images [height, width, channels] in [0, 1], in the order in which people look for
 * them. They compare the output with the role `target`, and for the collapse with the taken signal
 * `reference`.
 */
export const imageMetrics: readonly Metric[] = [
  {
    name: 'content',
    label: 'Content error',
    better: 'lower',
    range: [0, null],
    headline: true,
    primary: true,
    value: (example) => errors(example).content,
  },
  {
    name: 'mse',
    label: 'Mean squared error',
    better: 'lower',
    range: [0, null],
    value: (example) => errors(example).mse,
  },
  {
    name: 'crossEntropy',
    label: 'Cross-entropy',
    better: 'lower',
    range: [0, null],
    value: (example) => errors(example).crossEntropy,
  },
  {
    name: 'psnr',
    label: 'PSNR',
    unit: 'dB',
    better: 'higher',
    headline: true,
    value: (example) => errors(example).psnr,
  },
  {
    name: 'ssim',
    label: 'SSIM',
    better: 'higher',
    range: [-1, 1],
    headline: true,
    value: similarity,
  },
  {
    name: 'collapseRate',
    label: 'Collapse rate',
    better: 'lower',
    format: 'percent',
    headline: true,
    value: (example) => Number(margin(example) > 0),
  },
  {
    name: 'collapseMargin',
    label: 'Collapse margin',
    better: 'lower',
    summary: 'none',
    value: margin,
    group: {
      name: 'collapsed',
      label: 'Collapsed',
      explanation:
        'Results that look more like the reference than like the ground truth: the network has let the reference through. The clearest cases come first.',
      above: 0,
    },
  },
  {
    name: 'black',
    label: 'Content error of black',
    better: null,
    ofData: true,
    value: darkness,
  },
];
