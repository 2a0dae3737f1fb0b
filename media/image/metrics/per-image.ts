import type { MetricsPerImage } from './evaluate.js';
import { HighestScores, type Example } from './examples.js';
import type { DenoisedImages } from './images.js';

/** Metrics that are kept of each image. */
export const perImageMetrics = ['content', 'mse', 'psnr', 'ssim', 'collapseMargin'] as const;

export type PerImageMetric = (typeof perImageMetrics)[number];

/** What the examples of an evaluation show. */
export const exampleGroups = ['worst', 'best', 'collapsed'] as const;

export type ExampleGroup = (typeof exampleGroups)[number];

/** Images kept of each group. */
const examplesPerGroup = 12;

/** Values of every image of an evaluation, and some of the images. */
export interface PerImageResult {
  /** Indexes into the test split, in the order of the values. */
  readonly targets: Float32Array;
  readonly references: Float32Array;
  /** By metric: `content`, …, and `batch/content`, … with batch statistics. */
  readonly values: ReadonlyMap<string, Float32Array>;
  /** By group: `worst`, …, and `batch/worst`, …. */
  readonly examples: ReadonlyMap<string, readonly Example[]>;
  readonly height: number;
  readonly width: number;
}

/** One batch as it was evaluated, in one mode of batch normalisation. */
interface Evaluated {
  readonly mode: '' | 'batch/';
  readonly output: Float32Array;
  readonly metrics: MetricsPerImage;
}

/**
 * Collects the values of each image, batch by batch, and keeps the worst and best images by
 * content loss and those that collapsed most plainly.
 */
export class PerImageCollector {
  readonly #values = new Map<string, Float32Array>();
  readonly #groups = new Map<string, HighestScores>();
  readonly #targets: Float32Array;
  readonly #references: Float32Array;
  #filled = 0;
  #size = { height: 0, width: 0 };

  /** @param count images in all batches together */
  constructor(private readonly count: number) {
    this.#targets = new Float32Array(count);
    this.#references = new Float32Array(count);
  }

  /**
   * Adds the next batch.
   * @param moving metrics of the output with moving averages @param batch with batch statistics
   */
  add(
    indexes: { readonly targets: Uint32Array; readonly references: Uint32Array },
    result: DenoisedImages,
    moving: MetricsPerImage,
    batch: MetricsPerImage,
  ): void {
    const start = this.#filled;
    this.#targets.set(indexes.targets, start);
    this.#references.set(indexes.references, start);
    this.#take(start, result, { mode: '', output: result.output, metrics: moving });
    this.#take(start, result, { mode: 'batch/', output: result.outputBatch, metrics: batch });
    this.#size = { height: result.height, width: result.width };
    this.#filled += result.count;
  }

  /** What was collected. */
  result(): PerImageResult {
    const examples = [...this.#groups].map(([name, { examples }]) => [name, examples] as const);
    return {
      targets: this.#targets,
      references: this.#references,
      values: this.#values,
      examples: new Map(examples),
      ...this.#size,
    };
  }

  #take(start: number, result: DenoisedImages, { mode, output, metrics }: Evaluated): void {
    for (const metric of perImageMetrics) {
      const name = mode + metric;
      const values = this.#values.get(name) ?? new Float32Array(this.count);
      values.set(metrics[metric], start);
      this.#values.set(name, values);
    }
    for (let i = 0; i < result.count; i++) {
      const example = (): Example => exampleOf(result, output, i, start + i);
      const content = metrics.content[i] ?? NaN;
      const margin = metrics.collapseMargin[i] ?? NaN;
      this.#group(`${mode}worst`).offer(content, example);
      this.#group(`${mode}best`).offer(-content, example);
      this.#group(`${mode}collapsed`).offer(margin > 0 ? margin : NaN, example);
    }
  }

  #group(name: string): HighestScores {
    const group = this.#groups.get(name) ?? new HighestScores(examplesPerGroup);
    this.#groups.set(name, group);
    return group;
  }
}

function exampleOf(
  result: DenoisedImages,
  output: Float32Array,
  i: number,
  position: number,
): Example {
  const size = result.height * result.width;
  const cut = (pixels: Float32Array): Float32Array => pixels.slice(i * size, (i + 1) * size);
  return {
    position,
    input: cut(result.input),
    reference: cut(result.reference),
    target: cut(result.target),
    output: cut(output),
  };
}
