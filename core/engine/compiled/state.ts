import { unknownState } from '../../errors/compiled.js';
import type { HostTensor, HostTensors } from '../types.js';
import { sameShape, sizeOf } from './ir/shape.js';
import { permutationOf, physicalShape, stateLayout } from './lower/layout.js';
import { Buffer32, type Runtime } from './runtime/native.js';

interface Entry {
  readonly shape: readonly number[];
  buffer: Buffer32;
}

/**
 * The session's state in host memory, each tensor in the layout that programs want. A run reads
 * it and writes results into spare memory; only a run that succeeded puts these in its place.
 */
export class State {
  private readonly entries = new Map<string, Entry>();
  private readonly spare = new Map<number, Buffer32[]>();

  constructor(private readonly runtime: Runtime) {}

  names(): IterableIterator<string> {
    return this.entries.keys();
  }

  shapes(): Map<string, readonly number[]> {
    return new Map([...this.entries].map(([name, { shape }]) => [name, shape]));
  }

  /** @throws NcnError for a name that is not there */
  buffer(name: string): Buffer32 {
    return this.entry(name).buffer;
  }

  /** Copies tensors in. */
  write(tensors: HostTensors): void {
    for (const [name, { shape, data }] of tensors) {
      const old = this.entries.get(name);
      const keep = old !== undefined && sameShape(old.shape, shape);
      if (old !== undefined && !keep) this.giveBack(old.buffer);
      const buffer = keep ? old.buffer : this.take(sizeOf(shape));
      // An optimizer's state at the start, twice as large as the networks. Fresh memory is zero, but
      // to touch it first in the middle of an update takes longer.
      if (isZero(data)) buffer.data.fill(0);
      else copyIn(data, shape, buffer.data);
      this.entries.set(name, { shape: [...shape], buffer });
    }
  }

  /** Copies a tensor out, in its logical layout. */
  read(name: string): HostTensor {
    const { shape, buffer } = this.entry(name);
    return { shape: [...shape], data: copyOut(buffer.data, shape) };
  }

  /** Memory for a result of this many elements. */
  take(size: number): Buffer32 {
    return this.spare.get(size)?.pop() ?? new Buffer32(this.runtime, size);
  }

  /** Memory that is not needed now. */
  giveBack(buffer: Buffer32): void {
    const list = this.spare.get(buffer.data.length);
    if (list === undefined) this.spare.set(buffer.data.length, [buffer]);
    else list.push(buffer);
  }

  /** Puts a result in a tensor's place. */
  replace(name: string, buffer: Buffer32): void {
    const entry = this.entry(name);
    if (entry.buffer === buffer) return;
    this.giveBack(entry.buffer);
    entry.buffer = buffer;
  }

  close(): void {
    for (const { buffer } of this.entries.values()) buffer.release();
    for (const buffer of [...this.spare.values()].flat()) buffer.release();
    this.entries.clear();
    this.spare.clear();
  }

  private entry(name: string): Entry {
    const entry = this.entries.get(name);
    if (entry === undefined) throw unknownState(name);
    return entry;
  }
}

/** Row-major logical order into the order in memory. */
function copyIn(from: Float32Array, shape: readonly number[], to: Float32Array): void {
  if (shape.length === 4) move(from, stridesOf(shape), to, physicalStrides(shape), shape);
  else to.set(from);
}

function isZero(data: Float32Array): boolean {
  const bits = new Uint32Array(data.buffer, data.byteOffset, data.length);
  for (let i = 0; i < bits.length; i++) if (bits[i] !== 0) return false;
  return true;
}

/** A tensor's values in the order in memory. */
export function toMemory(data: Float32Array, shape: readonly number[]): Float32Array {
  const memory = new Float32Array(data.length);
  copyIn(data, shape, memory);
  return memory;
}

/** The reverse of {@link toMemory}. */
export function fromMemory(memory: Float32Array, shape: readonly number[]): Float32Array {
  return copyOut(memory, shape);
}

function copyOut(from: Float32Array, shape: readonly number[]): Float32Array {
  const to = new Float32Array(from.length);
  if (shape.length === 4) move(from, physicalStrides(shape), to, stridesOf(shape), shape);
  else to.set(from);
  return to;
}

function stridesOf(shape: readonly number[]): number[] {
  return shape.map((_, axis) => sizeOf(shape.slice(axis + 1)));
}

/** For each logical axis, how far apart its neighbours are in memory. */
function physicalStrides(shape: readonly number[]): number[] {
  const perm = permutationOf(stateLayout);
  const strides = stridesOf(physicalShape(shape, stateLayout));
  return shape.map((_, axis) => strides[perm.indexOf(axis)] ?? 1);
}

/** Values of the last axis that are moved together: as many as a line of the cache holds. */
const together = 16;

/** Bits are moved, never converted, so that what goes in comes out exactly. */
function move(
  from: Float32Array,
  fromStrides: readonly number[],
  to: Float32Array,
  toStrides: readonly number[],
  shape: readonly number[],
): void {
  const source = new Uint32Array(from.buffer, from.byteOffset, from.length);
  const target = new Uint32Array(to.buffer, to.byteOffset, to.length);
  const [n0 = 1, n1 = 1, n2 = 1, n3 = 1] = shape;
  const [f0 = 1, f1 = 1, f2 = 1, f3 = 1] = fromStrides;
  const [t0 = 1, t1 = 1, t2 = 1, t3 = 1] = toStrides;
  for (let start = 0; start < n3; start += together) {
    const end = Math.min(n3, start + together);
    // Height and width inside: they are neighbours in the filter's layout, and few.
    for (let k = 0; k < n2; k++) {
      for (let i = 0; i < n0; i++) {
        for (let j = 0; j < n1; j++) {
          const read = i * f0 + j * f1 + k * f2;
          const write = i * t0 + j * t1 + k * t2;
          for (let l = start; l < end; l++) {
            target[write + l * t3] = source[read + l * f3] ?? 0;
          }
        }
      }
    }
  }
}
