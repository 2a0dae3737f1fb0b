import { nativeFailure } from '../../errors/compiled.js';
import type { HostTensor } from '../../../core/engine/types.js';
import { sizeOf } from '../ir/shape.js';
import { Buffer32, type Runtime } from '../runtime/native.js';

/** An ONNX model, loaded as any user of ONNX Runtime does, on one thread of the CPU. */
export interface LoadedModel {
  /**
   * @param outputs shapes of what is to be read, by name
   * @throws NcnError with the library's message
   */
  run(
    inputs: ReadonlyMap<string, HostTensor>,
    outputs: ReadonlyMap<string, readonly number[]>,
  ): Promise<Map<string, HostTensor>>;
  close(): void;
}

/** @throws NcnError with the library's message where it does not load */
export function loadWith(runtime: Runtime, model: Uint8Array): LoadedModel {
  const failed = (error: unknown): Error => nativeFailure('run an exported model', error);
  let executable: ReturnType<Runtime['load']>;
  try {
    executable = runtime.load(model, { threads: 1 });
  } catch (error) {
    throw failed(error);
  }
  return {
    async run(inputs, outputs) {
      const buffers: Buffer32[] = [];
      const place = (shape: readonly number[], data?: Float32Array) => {
        const buffer = new Buffer32(runtime, sizeOf(shape));
        buffers.push(buffer);
        if (data !== undefined) buffer.data.set(data);
        return { buffer, view: buffer.view(shape) };
      };
      try {
        const given = [...inputs].map(([name, t]) => [name, place(t.shape, t.data).view] as const);
        const wanted = [...outputs].map(([name, shape]) => ({ name, shape, ...place(shape) }));
        const views = wanted.map(({ name, view }) => [name, view] as const);
        await executable.run(new Map(given), new Map(views));
        return new Map(
          wanted.map(({ name, shape, buffer }) => [name, { shape, data: buffer.data.slice() }]),
        );
      } catch (error) {
        throw failed(error);
      } finally {
        for (const buffer of buffers) buffer.release();
      }
    },
    close: () => {
      executable.release();
    },
  };
}
