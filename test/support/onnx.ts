import type { HostTensor } from '../../core/engine/types.js';
import { loadModel } from '../../engines/compiled/index.js';

/** One run of a model: what goes in, and what is expected to come out. */
export interface ModelFeed {
  readonly inputs: ReadonlyMap<string, HostTensor>;
  readonly output: { readonly name: string; readonly shape: readonly number[] };
}

/** Loads an ONNX model and runs it on each of the feeds. */
export async function runModel(
  model: Uint8Array,
  feeds: readonly ModelFeed[],
): Promise<Float32Array[]> {
  const loaded = loadModel(model);
  try {
    const results: Float32Array[] = [];
    for (const { inputs, output } of feeds) {
      const given = await loaded.run(inputs, new Map([[output.name, output.shape]]));
      results.push(given.get(output.name)?.data ?? new Float32Array());
    }
    return results;
  } finally {
    loaded.close();
  }
}
