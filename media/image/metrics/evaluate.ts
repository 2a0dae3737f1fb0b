import { imagesSize } from '../../errors/figures.js';
import { collapseMargin } from './collapse.js';
import { pixelErrors, type ImageBatch, type PixelErrors } from './pixels.js';
import { ssim } from './ssim.js';

export interface ImageMetrics extends PixelErrors {
  /** Structural similarity; NaN for images smaller than 11×11. */
  readonly ssim: number;
  /** Share of outputs nearer to the reference than to the target. */
  readonly collapseRate: number;
}

/** Values of each image, in the order of the images. */
export interface MetricsPerImage extends Readonly<Record<keyof PixelErrors, Float64Array>> {
  readonly ssim: Float64Array;
  /** 1 where the output is nearer to the reference than to the target, else 0. */
  readonly collapsed: Float64Array;
  /** By how much; see `collapseMargin`. */
  readonly collapseMargin: Float64Array;
}

export interface EvaluatedImages extends ImageBatch {
  readonly output: Float32Array;
  /** What the outputs should equal. */
  readonly target: Float32Array;
  /** The reference at any scale above zero. */
  readonly reference: Float32Array;
}

/**
 * Means over the images of a batch, and the values of each; no image gives NaN.
 * @throws NcnError when an array does not hold count × height × width pixels
 */
export function evaluateImages(
  images: EvaluatedImages,
): ImageMetrics & { perImage: MetricsPerImage } {
  const perImage = metricsPerImage(images);
  return {
    content: mean(perImage.content),
    mse: mean(perImage.mse),
    crossEntropy: mean(perImage.crossEntropy),
    psnr: mean(perImage.psnr),
    ssim: mean(perImage.ssim),
    collapseRate: mean(perImage.collapsed),
    perImage,
  };
}

function metricsPerImage(images: EvaluatedImages): MetricsPerImage {
  const { output, target, reference, count, height, width } = images;
  for (const [name, { length }] of Object.entries({ output, target, reference })) {
    if (length !== count * height * width) throw imagesSize(name, length, [count, height, width]);
  }
  const size = height * width;
  const values = {
    content: new Float64Array(count),
    mse: new Float64Array(count),
    crossEntropy: new Float64Array(count),
    psnr: new Float64Array(count),
    ssim: new Float64Array(count),
    collapsed: new Float64Array(count),
    collapseMargin: new Float64Array(count),
  };
  for (let i = 0; i < count; i++) {
    const [from, to] = [i * size, (i + 1) * size];
    const errors = pixelErrors(output, target, from, to);
    values.content[i] = errors.content;
    values.mse[i] = errors.mse;
    values.crossEntropy[i] = errors.crossEntropy;
    values.psnr[i] = errors.psnr;
    values.ssim[i] = ssim(output, target, from, height, width);
    const margin = collapseMargin(output, target, reference, from, to);
    values.collapseMargin[i] = margin;
    values.collapsed[i] = Number(margin > 0);
  }
  return values;
}

const mean = (values: Float64Array): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;
