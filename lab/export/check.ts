import type { HostTensor } from '../../core/engine/types.js';
import { loadModel } from '../../engines/compiled/index.js';

/** The same inputs must give the same outputs, whatever the batch: sizes to try, in turn. */
const batchSizes = [1, 7, 64];

/** Examples, and what the engine makes of them; every tensor is [count, …]. */
export interface Expected {
  readonly count: number;
  readonly inputs: ReadonlyMap<string, HostTensor>;
  readonly output: HostTensor;
}

/**
 * Runs a model with ONNX Runtime on examples in batches of several sizes.
 * @param outputName the model's name for its output
 * @returns the greatest difference of a value to what the engine gave; NaN where a value is NaN
 * @throws NcnError where the model does not load or run, or there is no library
 */
export async function compareModel(
  model: Uint8Array,
  { count, inputs, output }: Expected,
  outputName: string,
): Promise<number> {
  const batches: (readonly [start: number, size: number])[] = [];
  for (let start = 0, i = 0; start < count; i++) {
    const size = Math.min(batchSizes[i % batchSizes.length] ?? 1, count - start);
    batches.push([start, size]);
    start += size;
  }
  const loaded = loadModel(model);
  let greatest = 0;
  try {
    for (const [start, size] of batches) {
      const given = [...inputs].map(([name, t]) => [name, part(t, start, size)] as const);
      const expected = part(output, start, size);
      const result = await loaded.run(new Map(given), new Map([[outputName, expected.shape]]));
      const difference = greatestDifference(result.get(outputName)?.data, expected.data);
      greatest = Math.max(greatest, difference);
    }
  } finally {
    loaded.close();
  }
  return greatest;
}

/** NaN where a value of either is NaN, or missing. */
export function greatestDifference(
  got: ArrayLike<number> | undefined,
  expected: ArrayLike<number>,
): number {
  let greatest = 0;
  for (let i = 0; i < expected.length; i++) {
    greatest = Math.max(greatest, Math.abs((got?.[i] ?? NaN) - (expected[i] ?? NaN)));
  }
  return greatest;
}

/** Some examples of a batch. */
function part({ shape: [count = 1, ...own], data }: HostTensor, start: number, size: number) {
  const each = data.length / count;
  return { shape: [size, ...own], data: data.slice(start * each, (start + size) * each) };
}
