import onnx from 'onnx-proto';
import { sizeOf } from '../ir/shape.js';
import type { Pointer } from '../runtime/api.js';
import { Buffer32, type Executable, type NativeOptions, type Runtime } from '../runtime/native.js';

const { ModelProto, TensorProto } = onnx.onnx;

/** A tensor in the device's memory. */
export interface DeviceTensor {
  /** As it lies there. */
  readonly shape: readonly number[];
  readonly value: Pointer;
}

/**
 * Tensors on a device, and copies to and from it. ONNX Runtime's C API copies between devices only
 * as part of a run, so a model of one Identity does it.
 */
export class DeviceMemory {
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

  /** Memory of this shape; its values are whatever they were. */
  take(shape: readonly number[]): DeviceTensor {
    const used = this.spare.get(shape.join())?.pop();
    if (used !== undefined) return used;
    const dims = BigInt64Array.from(shape, BigInt);
    const { api } = this.runtime;
    const value = api.make('CreateTensorAsOrtValue', this.allocator, dims, shape.length, 1);
    return { shape: [...shape], value };
  }

  /** Memory that is not needed now. */
  giveBack(tensor: DeviceTensor): void {
    const key = tensor.shape.join();
    this.spare.set(key, [...(this.spare.get(key) ?? []), tensor]);
  }

  async upload(data: Float32Array, to: DeviceTensor): Promise<void> {
    await this.withBuffer(to.shape, async (buffer) => {
      buffer.data.set(data);
      await this.copy(buffer.view(to.shape), to.value);
    });
  }

  async download(from: DeviceTensor): Promise<Float32Array> {
    return this.withBuffer(from.shape, async (buffer) => {
      await this.copy(from.value, buffer.view(from.shape));
      return buffer.data;
    });
  }

  release(tensor: DeviceTensor): void {
    this.runtime.api.release('ReleaseValue', tensor.value);
  }

  close(): void {
    for (const tensor of [...this.spare.values()].flat()) this.release(tensor);
    this.spare.clear();
    this.runtime.api.release('ReleaseAllocator', this.allocator);
    this.transfer.release();
  }

  private async copy(from: Pointer, to: Pointer): Promise<void> {
    await this.transfer.run(new Map([['x', from]]), new Map([['y', to]]));
  }

  private async withBuffer<T>(
    shape: readonly number[],
    body: (buffer: Buffer32) => Promise<T>,
  ): Promise<T> {
    const buffer = new Buffer32(this.runtime, sizeOf(shape));
    try {
      return await body(buffer);
    } finally {
      buffer.release();
    }
  }
}

/** y = x, of any shape. */
function identity(): Uint8Array {
  const port = (name: string): onnx.onnx.IValueInfoProto => ({
    name,
    type: { tensorType: { elemType: TensorProto.DataType.FLOAT } },
  });
  const node = [{ opType: 'Identity', input: ['x'], output: ['y'] }];
  const graph = { name: 'copy', node, input: [port('x')], output: [port('y')] };
  const opsetImport = [{ domain: '', version: 17 }];
  return ModelProto.encode({ irVersion: 8, opsetImport, graph }).finish();
}
