import { isCollapsed } from './collapse.js';
import { pixelErrors, type ImageBatch, type PixelErrors } from './pixels.js';
import { ssim } from './ssim.js';

export interface ImageMetrics extends PixelErrors {
  readonly ssim: number;
  /** Share of outputs nearer to the reference than to the target. */
  readonly collapseRate: number;
}

export interface EvaluatedImages extends ImageBatch {
  readonly output: Float32Array;
  readonly target: Float32Array;
  /** The reference at any scale above zero. */
  readonly reference: Float32Array;
}

/** Metrics of each image of a batch. */
export function metricsPerImage(
  images: EvaluatedImages,
): (PixelErrors & { ssim: number; collapsed: boolean })[] {
  const { output, target, reference, count, height, width } = images;
  const size = height * width;
  return Array.from({ length: count }, (_, i) => ({
    ...pixelErrors(output, target, i * size, (i + 1) * size),
    ssim: ssim(output, target, i * size, height, width),
    collapsed: isCollapsed(output, target, reference, i * size, (i + 1) * size),
  }));
}

/** Means over the images of a batch. */
export function evaluateImages(images: EvaluatedImages): ImageMetrics {
  const each = metricsPerImage(images);
  const mean = (value: (image: (typeof each)[number]) => number): number =>
    each.reduce((sum, image) => sum + value(image), 0) / each.length;
  return {
    content: mean((m) => m.content),
    mse: mean((m) => m.mse),
    crossEntropy: mean((m) => m.crossEntropy),
    psnr: mean((m) => m.psnr),
    ssim: mean((m) => m.ssim),
    collapseRate: mean((m) => Number(m.collapsed)),
  };
}
