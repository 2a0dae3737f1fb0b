import { nativeFailure } from '../../errors/compiled.js';
import type { HostTensor } from '../../../core/engine/types.js';
import { sizeOf } from '../ir/shape.js';
import { Buffer32, type Runtime } from '../runtime/native.js';

/** One run of a model: what goes in, and what is expected to come out. */
export interface ModelFeed {
  readonly inputs: ReadonlyMap<string, HostTensor>;
  readonly output: { readonly name: string; readonly shape: readonly number[] };
}

/**
 * Loads an ONNX model as any user of ONNX Runtime does, and runs it on the CPU.
 * @throws NcnError with the library's message where it does not load or run
 */
export async function runWith(
  runtime: Runtime,
  model: Uint8Array,
  feeds: readonly ModelFeed[],
): Promise<Float32Array[]> {
  const buffers: Buffer32[] = [];
  const place = ({ shape }: { shape: readonly number[] }, data?: Float32Array) => {
    const buffer = new Buffer32(runtime, sizeOf(shape));
    buffers.push(buffer);
    if (data !== undefined) buffer.data.set(data);
    return { buffer, view: buffer.view(shape) };
  };
  try {
    const executable = runtime.load(model, { threads: 1 });
    try {
      const results: Float32Array[] = [];
      for (const { inputs, output } of feeds) {
        const given = [...inputs].map(([name, t]) => [name, place(t, t.data).view] as const);
        const { buffer, view } = place(output);
        await executable.run(new Map(given), new Map([[output.name, view]]));
        results.push(buffer.data);
      }
      return results;
    } finally {
      executable.release();
    }
  } catch (error) {
    throw nativeFailure('run an exported model', error);
  } finally {
    for (const buffer of buffers) buffer.release();
  }
}
