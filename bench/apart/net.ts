import { tf, type HostTensor } from '../../engines/compiled/index.js';

type Named = Readonly<Record<string, tf.Tensor>>;

/** Names and shapes of a network's weights, in order of use. */
export type Shapes = ReadonlyMap<string, readonly number[]>;

/** Layers as someone who trains a network by `ncn/engine` writes them. */
export class Net {
  /** What the moving averages of batch normalisations become. */
  readonly averages: Record<string, tf.Tensor> = {};

  constructor(
    private readonly weights: Named,
    private readonly state: Named,
  ) {}

  private of(name: string): tf.Tensor {
    const tensor = this.weights[name] ?? this.state[name];
    if (tensor === undefined) throw new Error(`no weight ${name}`);
    return tensor;
  }

  /** A convolution [batch, height, width, channels] of padding `same`, without bias. */
  conv(name: string, x: tf.Tensor4D, stride = 1): tf.Tensor4D {
    return tf.conv2d(x, this.of(`${name}/kernel`) as tf.Tensor4D, stride, 'same');
  }

  /** Twice as high and wide, by a transposed convolution with a bias. */
  up(name: string, x: tf.Tensor4D): tf.Tensor4D {
    const kernel = this.of(`${name}/kernel`) as tf.Tensor4D;
    const [batch, height, width] = x.shape;
    const [, , channels] = kernel.shape;
    const shape: [number, number, number, number] = [batch, 2 * height, 2 * width, channels];
    const y = tf.conv2dTranspose(x, kernel, shape, 2, 'valid');
    return tf.add(y, this.of(`${name}/bias`));
  }

  /** Batch normalisation by the moments of the batch, which move the averages by a tenth. */
  norm(name: string, x: tf.Tensor4D): tf.Tensor4D {
    const { mean, variance } = tf.moments(x, [0, 1, 2]);
    const count = x.size / (x.shape[3] || 1);
    const unbiased = tf.mul(variance, count / (count - 1));
    for (const [kind, now] of [
      ['mean', mean],
      ['variance', unbiased],
    ] as const) {
      const key = `${name}/${kind}`;
      const moved = tf.add(tf.mul(this.of(key), 0.9), tf.mul(now, 0.1));
      // Taking gradients disposes of what was made meanwhile.
      this.averages[key] = tf.keep(moved);
    }
    const scale = tf.mul(this.of(`${name}/gamma`), tf.rsqrt(tf.add(variance, 1e-5)));
    return tf.add(tf.mul(tf.sub(x, mean), scale), this.of(`${name}/beta`));
  }

  /** A dense layer. */
  dense(name: string, x: tf.Tensor2D): tf.Tensor2D {
    const kernel = this.of(`${name}/kernel`) as tf.Tensor2D;
    return tf.add(tf.matMul(x, kernel), this.of(`${name}/bias`));
  }
}

/** Collects the weights that a network needs, as {@link Net} names them. */
export class Weights {
  readonly shapes = new Map<string, readonly number[]>();
  /** Of moving averages: not trained. */
  readonly averages = new Map<string, number>();

  conv(name: string, taps: number, from: number, to: number): this {
    this.shapes.set(`${name}/kernel`, [taps, taps, from, to]);
    return this;
  }

  up(name: string, from: number, to: number): this {
    this.shapes.set(`${name}/kernel`, [2, 2, to, from]);
    this.shapes.set(`${name}/bias`, [to]);
    return this;
  }

  norm(name: string, channels: number): this {
    this.shapes.set(`${name}/gamma`, [channels]);
    this.shapes.set(`${name}/beta`, [channels]);
    this.averages.set(name, channels);
    return this;
  }

  dense(name: string, from: number, to: number): this {
    this.shapes.set(`${name}/kernel`, [from, to]);
    this.shapes.set(`${name}/bias`, [to]);
    return this;
  }
}

/** Numbers of this shape, uniform within ± limit, the same each time. */
export function uniform(shape: readonly number[], seed: number, limit: number): HostTensor {
  const tensor = tf.randomUniform([...shape], -limit, limit, 'float32', seed);
  const data = tensor.dataSync<'float32'>();
  tensor.dispose();
  return { shape, data: Float32Array.from(data) };
}
