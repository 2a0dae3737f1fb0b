import type { HostTensor } from '../../core/engine/types.js';
import { runModel } from '../../engines/compiled/index.js';

/** The same inputs must give the same outputs, whatever the batch: sizes to try, in turn. */
const batchSizes = [1, 7, 64];

export interface HeldOut {
  readonly count: number;
  readonly height: number;
  readonly width: number;
  readonly input: Float32Array;
  readonly reference: Float32Array;
  /** What the engine makes of them. */
  readonly output: Float32Array;
}

/**
 * Runs a model with ONNX Runtime on images in batches of several sizes.
 * @returns the greatest difference of a pixel to what the engine gave; NaN where a pixel is NaN
 * @throws NcnError where the model does not load or run, or there is no library
 */
export async function compareModel(model: Uint8Array, images: HeldOut): Promise<number> {
  const { height, width, count } = images;
  const batches: (readonly [number, number])[] = [];
  for (let start = 0, i = 0; start < count; i++) {
    const size = Math.min(batchSizes[i % batchSizes.length] ?? 1, count - start);
    batches.push([start, size]);
    start += size;
  }
  const part = (data: Float32Array, [start, size]: readonly [number, number]): HostTensor => {
    const pixels = height * width;
    const values = data.slice(start * pixels, (start + size) * pixels);
    return { shape: [size, height, width, 1], data: values };
  };
  const feeds = batches.map((batch) => ({
    inputs: new Map([
      ['input', part(images.input, batch)],
      ['reference', part(images.reference, batch)],
    ]),
    output: { name: 'output', shape: [batch[1], height, width, 1] },
  }));
  const results = await runModel(model, feeds);
  let greatest = 0;
  results.forEach((result, i) => {
    const expected = part(images.output, batches[i] ?? [0, 0]).data;
    result.forEach((value, k) => {
      const difference = Math.abs(value - (expected[k] ?? NaN));
      if (!(difference <= greatest)) greatest = difference;
    });
  });
  return greatest;
}
