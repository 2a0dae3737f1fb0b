import type { Tensor } from '@tensorflow/tfjs-core';
import { badLayerOption, wrongLayerInput, type LayerCall } from '../../errors/layer.js';
import { badContribution } from '../../errors/plugin.js';
import { glorotUniform, zeros } from '../initializers.js';
import { asRank, asRankOf, hasRank, type TensorOfRank } from '../rank.js';
import type { Initializer } from '../parameters.js';
import type { ParameterSource } from './source.js';

/** How a layer's kernel starts, and what becomes of it before it is used. */
export interface KernelOptions<T extends Tensor> {
  /** Of the kernel; Glorot-uniform by default. */
  readonly initializer?: Initializer;
  /**
   * Replaces the kernel by a function of it before it is used: spectral or weight normalisation.
   * It must keep the shape.
   */
  readonly kernelTransform?: (kernel: T) => T;
}

/** One call of a layer: its name, and what every layer needs to do under that name. */
export class Layer implements LayerCall {
  constructor(
    readonly source: ParameterSource,
    readonly kind: string,
    readonly name: string,
  ) {}

  /** The input as a tensor of so many axes. @throws NcnError for another rank */
  input<N extends keyof TensorOfRank>(x: Tensor, rank: N, axes: string): TensorOfRank[N] {
    if (hasRank(x, rank)) return x;
    throw wrongLayerInput(this, x.shape, axes, 'tf.reshape gives a tensor other axes.');
  }

  /** The number of channels, the last axis. @throws NcnError where the input has fewer axes */
  channelsOf(x: Tensor, leastRank: number): number {
    const channels = x.shape.at(-1);
    if (channels !== undefined && x.shape.length >= leastRank) return channels;
    throw wrongLayerInput(this, x.shape, `[batch, …, channels] with ${leastRank} axes or more`);
  }

  /** A number that is given for an option. @throws NcnError unless it is 1, 2, … */
  count(option: string, value: number): number {
    if (Number.isSafeInteger(value) && value > 0) return value;
    throw badLayerOption(this, `'${option}' is ${value}; a positive whole number was expected`);
  }

  weight(part: string, shape: readonly number[], initializer: Initializer): Tensor {
    return this.source.weight(`${this.name}/${part}`, shape, initializer);
  }

  statistic(part: string, shape: readonly number[], initializer: Initializer): Tensor {
    return this.source.statistic(`${this.name}/${part}`, shape, initializer);
  }

  /** The kernel, transformed. @throws NcnError where the transform changes the shape */
  kernel<N extends keyof TensorOfRank>(
    shape: readonly number[],
    rank: N,
    options: KernelOptions<TensorOfRank[N]>,
  ): TensorOfRank[N] {
    const { initializer = glorotUniform, kernelTransform } = options;
    const weight = this.weight('kernel', shape, initializer);
    const kernel = asRank(weight, rank, `${this.name}/kernel`, `[${shape.join(', ')}]`);
    const transformed = kernelTransform?.(kernel) ?? kernel;
    if (transformed.shape.join() === kernel.shape.join()) return transformed;
    throw badContribution(
      `The kernelTransform of layer '${this.name}' changed the shape [${shape.join(', ')}] to [${transformed.shape.join(', ')}].`,
    );
  }

  /** A bias for so many channels, unless the layer is to have none. */
  bias(size: number, wanted: boolean): Tensor | undefined {
    return wanted ? this.weight('bias', [size], zeros) : undefined;
  }

  /** A stand-in for an output of the rank of `like`, where only shapes matter. */
  standIn<T extends Tensor>(
    like: T,
    shape: readonly number[],
    multiplyAdds: number,
  ): T | undefined {
    const tensor = this.source.standIn?.(shape, multiplyAdds);
    return tensor && asRankOf(tensor, like, this.name);
  }

  /** Tells those who look inside what the layer gives. */
  observed<T extends Tensor>(output: T): T {
    this.source.observe?.(this.name, output);
    return output;
  }
}
