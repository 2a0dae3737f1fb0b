import { stateSize, unknownState } from '../errors/compiled.js';
import type { HostTensor, HostTensors, StatePlacing } from '../../core/engine/types.js';
import { areZeros } from '../../core/engine/zeros.js';
import { at, sameShape, sizeOf } from './ir/shape.js';
import { physicalShape, stateLayout } from './lower/layout.js';
import { copyIn, copyOut, physicalStrides } from './memory-order.js';
import type { Memory } from './runtime/memory.js';

interface Entry<Place> {
  readonly shape: readonly number[];
  place: Place;
  /** Grows with each value that it gets. */
  version: number;
}

/** @throws NcnError where the numbers are not those of the shape */
function checkSize(name: string, shape: readonly number[], length: number): void {
  const whole = shape.every((side) => Number.isInteger(side) && side >= 0);
  if (!whole || sizeOf(shape) !== length) throw stateSize(name, shape, length);
}

/**
 * A session's state, each tensor in the layout that programs want. A run reads it and writes
 * results elsewhere; only a run that succeeded puts these in its place.
 */
export class State<Place> {
  private readonly entries = new Map<string, Entry<Place>>();

  private zeros: (length: number) => Promise<Float32Array | undefined> | undefined = () =>
    undefined;

  constructor(private readonly memory: Memory<Place>) {}

  /** For the host's memory. */
  placing(adopt: (values: Float32Array) => Place): StatePlacing {
    return {
      strides: physicalStrides,
      give: (name, shape, values) => this.put(name, shape, adopt(values)),
      zerosFrom: (supply) => (this.zeros = supply),
    };
  }

  names(): IterableIterator<string> {
    return this.entries.keys();
  }

  shapes(): Map<string, readonly number[]> {
    return new Map([...this.entries].map(([name, { shape }]) => [name, shape]));
  }

  /** @throws NcnError for a name that is not there, as all that follow */
  shapeOf(name: string): readonly number[] {
    return this.entry(name).shape;
  }

  place(name: string): Place {
    return this.entry(name).place;
  }

  /** Another number whenever the tensor has got another value. */
  versionOf(name: string): number {
    return this.entry(name).version;
  }

  /** Copies tensors in. */
  async write(tensors: HostTensors): Promise<void> {
    for (const [name, { shape, data }] of tensors) checkSize(name, shape, data.length);
    for (const [name, { shape, data }] of tensors) {
      const old = this.entries.get(name);
      const keep = old !== undefined && sameShape(old.shape, shape);
      const made = !keep && areZeros(data) ? await this.zeros(data.length) : undefined;
      if (made !== undefined && this.memory.adopt !== undefined) {
        this.put(name, shape, this.memory.adopt(made));
        continue;
      }
      const place = keep ? old.place : this.memory.take(physicalShape(shape, stateLayout));
      await this.memory.write(place, (values) => {
        // An optimizer's state at the start, twice as large as the networks. Fresh memory is zero, but to
        // touch it first in the middle of an update takes longer.
        if (areZeros(data)) values.fill(0);
        else copyIn(data, shape, values);
      });
      this.put(name, shape, place);
    }
  }

  private put(name: string, shape: readonly number[], place: Place): void {
    const old = this.entries.get(name);
    if (old !== undefined && old.place !== place) this.memory.giveBack(old.place);
    this.entries.set(name, { shape: [...shape], place, version: (old?.version ?? 0) + 1 });
  }

  /** Copies tensors out, in their logical layout. */
  async read(names: readonly string[]): Promise<Map<string, HostTensor>> {
    const entries = names.map((name) => ({ name, ...this.entry(name) }));
    const tensors = await this.memory.read(
      entries.map(({ place }) => place),
      (values, i): [string, HostTensor] => {
        const { name, shape } = at(entries, i);
        return [name, { shape: [...shape], data: copyOut(values, shape) }];
      },
    );
    return new Map(tensors);
  }

  /** Puts a result in a tensor's place. */
  replace(name: string, place: Place): void {
    const entry = this.entry(name);
    entry.version++;
    if (entry.place === place) return;
    this.memory.giveBack(entry.place);
    entry.place = place;
  }

  close(): void {
    for (const { place } of this.entries.values()) this.memory.giveBack(place);
    this.entries.clear();
  }

  private entry(name: string): Entry<Place> {
    const entry = this.entries.get(name);
    if (entry === undefined) throw unknownState(name);
    return entry;
  }
}
