import { sizeOf } from '../ir/shape.js';
import type { Pointer } from './api.js';
import type { Memory } from './memory.js';
import { Buffer32, type Runtime } from './native.js';

/** Host memory: buffers of our own, in which the library works in place. */
export class HostMemory implements Memory<Buffer32> {
  /** Buffers that are not needed now, by their length. */
  private readonly spare = new Map<number, Buffer32[]>();

  constructor(private readonly runtime: Runtime) {}

  take(shape: readonly number[]): Buffer32 {
    const size = sizeOf(shape);
    return this.spare.get(size)?.pop() ?? new Buffer32(this.runtime, size);
  }

  adopt(values: Float32Array): Buffer32 {
    return new Buffer32(this.runtime, values.length, values);
  }

  giveBack(buffer: Buffer32): void {
    const { length } = buffer.data;
    const list = this.spare.get(length);
    if (list === undefined) this.spare.set(length, [buffer]);
    else list.push(buffer);
  }

  view(buffer: Buffer32, shape: readonly number[]): Pointer {
    return buffer.view(shape);
  }

  write(buffer: Buffer32, fill: (values: Float32Array) => void): Promise<void> {
    fill(buffer.data);
    return Promise.resolve();
  }

  read<T>(
    buffers: readonly Buffer32[],
    use: (values: Float32Array, index: number) => T,
  ): Promise<T[]> {
    return Promise.resolve(buffers.map(({ data }, i) => use(data, i)));
  }

  close(): void {
    for (const buffer of [...this.spare.values()].flat()) buffer.release();
    this.spare.clear();
  }
}
