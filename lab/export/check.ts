import type { HostTensor } from '../../core/engine/types.js';
import { runModel } from '../../engines/compiled/index.js';

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
  const feeds = batches.map(([start, size]) => ({
    inputs: new Map(
      [...inputs].map(([name, tensor]) => [name, part(tensor, start, size)] as const),
    ),
    output: { name: outputName, shape: part(output, start, size).shape },
  }));
  const results = await runModel(model, feeds);
  let greatest = 0;
  results.forEach((result, i) => {
    const [start, size] = batches[i] ?? [0, 0];
    const expected = part(output, start, size).data;
    result.forEach((value, k) => {
      const difference = Math.abs(value - (expected[k] ?? NaN));
      if (!(difference <= greatest)) greatest = difference;
    });
  });
  return greatest;
}

/** Some examples of a batch. */
function part({ shape: [count = 1, ...own], data }: HostTensor, start: number, size: number) {
  const each = data.length / count;
  return { shape: [size, ...own], data: data.slice(start * each, (start + size) * each) };
}
