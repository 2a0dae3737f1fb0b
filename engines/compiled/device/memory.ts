import { nativeFailure, noMemory } from '../../errors/compiled.js';
import { sizeOf } from '../ir/shape.js';
import { dataTypes, modelCodec, type ValueInfoMessage } from '../onnx/messages.js';
import type { Pointer } from '../runtime/api.js';
import type { Memory } from '../runtime/memory.js';
import { Buffer32, type Executable, type NativeOptions, type Runtime } from '../runtime/native.js';

/** A tensor in the device's memory. */
export interface DeviceTensor {
  /** As it lies there. */
  readonly shape: readonly number[];
  readonly value: Pointer;
}

/**
 * A device's memory. ONNX Runtime's C API copies between devices only as part of a run, so a model
 * of one Identity does it.
 */
export class DeviceMemory implements Memory<DeviceTensor> {
  private readonly transfer: Executable;
  private readonly allocator: Pointer;
  private readonly spare = new Map<string, DeviceTensor[]>();

  /** @param memory what ONNX Runtime calls the device's memory */
  constructor(
    private readonly runtime: Runtime,
    options: NativeOptions,
    memory: string,
  ) {
    this.transfer = runtime.load(identity(), options);
    this.allocator = this.transfer.allocator(memory);
  }

  take(shape: readonly number[]): DeviceTensor {
    const used = this.spare.get(shape.join())?.pop();
    if (used !== undefined) return used;
    const dims = BigInt64Array.from(shape, BigInt);
    const { api } = this.runtime;
    try {
      const value = api.make('CreateTensorAsOrtValue', this.allocator, dims, shape.length, 1);
      return { shape: [...shape], value };
    } catch (error) {
      throw noMemory(sizeOf(shape) * Float32Array.BYTES_PER_ELEMENT, error);
    }
  }

  giveBack(tensor: DeviceTensor): void {
    const key = tensor.shape.join();
    const list = this.spare.get(key);
    if (list === undefined) this.spare.set(key, [tensor]);
    else list.push(tensor);
  }

  /** A tensor on a device has one shape, the one that it was taken with. */
  view({ value }: DeviceTensor): Pointer {
    return value;
  }

  async write({ shape, value }: DeviceTensor, fill: (values: Float32Array) => void): Promise<void> {
    await this.withBuffer(shape, async (buffer) => {
      fill(buffer.data);
      await this.copy(buffer.view(shape), value);
    });
  }

  async read<T>(
    tensors: readonly DeviceTensor[],
    use: (values: Float32Array, index: number) => T,
  ): Promise<T[]> {
    const results: T[] = [];
    for (const { shape, value } of tensors) {
      await this.withBuffer(shape, async (buffer) => {
        await this.copy(value, buffer.view(shape));
        results.push(use(buffer.data, results.length));
      });
    }
    return results;
  }

  close(): void {
    const { api } = this.runtime;
    for (const { value } of [...this.spare.values()].flat()) api.release('ReleaseValue', value);
    this.spare.clear();
    api.release('ReleaseAllocator', this.allocator);
    this.transfer.release();
  }

  private async copy(from: Pointer, to: Pointer): Promise<void> {
    try {
      await this.transfer.run(new Map([['x', from]]), new Map([['y', to]]));
    } catch (error) {
      throw nativeFailure('copy a tensor to or from the device', error);
    }
  }

  private async withBuffer(
    shape: readonly number[],
    body: (buffer: Buffer32) => Promise<void>,
  ): Promise<void> {
    const buffer = new Buffer32(this.runtime, sizeOf(shape));
    try {
      await body(buffer);
    } finally {
      buffer.release();
    }
  }
}

/** y = x, of any shape. */
function identity(): Uint8Array {
  const port = (name: string): ValueInfoMessage => ({
    name,
    type: { tensorType: { elemType: dataTypes.float32 } },
  });
  const node = [{ opType: 'Identity', input: ['x'], output: ['y'] }];
  const graph = { name: 'copy', node, input: [port('x')], output: [port('y')] };
  const opsetImport = [{ domain: '', version: 17 }];
  return modelCodec.encode({ irVersion: 8, opsetImport, graph });
}
