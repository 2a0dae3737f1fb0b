import { tf, type Initializer, type Layers } from 'ncn';

export interface WaveformOptions {
  readonly filters: readonly number[];
  readonly width: number;
  readonly dilations: readonly number[];
  readonly canceller: boolean;
}

const leaky = <T extends tf.Tensor>(x: T): T => tf.leakyRelu(x, 0.2);

/** Samples that one convolution spans, and by how many fewer its output has. */
const kernel = 8;
const stride = 4;

const silent: Initializer = (out) => out.fill(0);

/**
 * A U-Net on samples (Stoller et al., "Wave-U-Net", 2018, with strided convolutions as in Défossez et
 * al., "Demucs", 2019), with dilated residual blocks at its bottom. What it gives is added to the
 * canceller's output (without one: to the microphone), and is zero before training. It looks ahead.
 * @param heard each [batch, samples, 1]
 * @returns [batch, samples, 1]
 */
export function waveform(
  layers: Layers,
  heard: Readonly<Record<'input' | 'reference' | 'cancelled', tf.Tensor>>,
  { filters, width, dilations, canceller }: WaveformOptions,
): tf.Tensor {
  const { input, reference, cancelled } = heard;
  const base = canceller ? cancelled : input;
  let h: tf.Tensor = tf.concat(canceller ? [input, cancelled, reference] : [input, reference], 2);
  const skips: tf.Tensor[] = [];
  const lengths: number[] = [];
  filters.forEach((count, i) => {
    const name = `down${i + 1}`;
    lengths.push(h.shape[1] ?? 1);
    const y = layers.conv1d(name, h, { filters: 2 * count, kernel, stride, bias: false });
    h = leaky(layers.batchNorm(`${name}/bn`, y));
    skips.push(h);
  });
  h = layers.dense('in', h, width);
  dilations.forEach((dilation, i) => {
    const name = `block${i + 1}`;
    const y = layers.conv1d(`${name}/conv`, h, {
      filters: width,
      kernel: 3,
      dilation,
      bias: false,
    });
    h = tf.add(h, layers.dense(`${name}/out`, leaky(layers.batchNorm(`${name}/bn`, y)), width));
  });
  for (let i = filters.length - 1; i >= 0; i--) {
    const skip = skips[i];
    const last = i === 0;
    const name = `up${i + 1}`;
    const y = layers.conv1dTranspose(name, skip === undefined ? h : tf.concat([h, skip], 2), {
      filters: last ? 1 : 2 * (filters[i - 1] ?? 1),
      kernel,
      stride,
      outputSize: lengths[i] ?? 1,
      bias: false,
      ...(last ? { initializer: silent } : {}),
    });
    h = last ? y : leaky(layers.batchNorm(`${name}/bn`, y));
  }
  return tf.add(base, h);
}
