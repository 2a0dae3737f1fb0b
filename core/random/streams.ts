import { createHash } from 'node:crypto';
import { philox } from './philox.js';
import { uniform, uniformAtOnce, uniformTogether } from './uniform.js';

/** Blocks of four numbers that are generated at a time. */
const CHUNK_BLOCKS = 64;

/**
 * A sequence of random numbers for one purpose at one position (an update number, say).
 * The numbers depend on nothing but the seed, the stream's name and the position.
 */
export class RandomSequence {
  private readonly chunk = new Uint32Array(CHUNK_BLOCKS * 4);
  private next = this.chunk.length;
  private block = 0;

  constructor(
    private readonly key0: number,
    private readonly key1: number,
    private readonly position: number,
  ) {}

  /** Goes to where it will have drawn this many 32-bit integers, be that before or after where it is. */
  seek(drawn: number): this {
    this.block = Math.floor(drawn / 4);
    this.next = this.chunk.length;
    for (let i = 0; i < drawn % 4; i++) this.uint32();
    return this;
  }

  /** The next 32-bit unsigned integer. */
  uint32(): number {
    if (this.next === this.chunk.length) this.refill();
    const value = this.chunk[this.next++];
    return value ?? 0;
  }

  /** Uniform in [0, 1), with 24 bits: every value is exact in float32. */
  uniform(): number {
    return (this.uint32() >>> 8) / 0x1000000;
  }

  /** Uniform integer in [0, bound), without bias (rejection). `bound` at most 2^32. */
  below(bound: number): number {
    const limit = 0x100000000 - (0x100000000 % bound);
    let value = this.uint32();
    while (value >= limit) value = this.uint32();
    return value % bound;
  }

  /** Standard normal, by Box and Muller's method (1958). */
  normal(): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.uniform()));
    return radius * Math.cos(2 * Math.PI * this.uniform());
  }

  /** Fills `out` with uniform numbers in [low, high), rounded to float32. */
  fillUniform(out: Float32Array, low = 0, high = 1): Float32Array {
    const scale = (high - low) / 0x1000000;
    // What is left of the last blocks, then whole blocks, then the beginning of a new chunk.
    const left = Math.min(out.length, this.chunk.length - this.next);
    let done = 0;
    for (; done < left; done++) out[done] = low + (this.uint32() >>> 8) * scale;
    while (out.length - done >= this.chunk.length) {
      const rest = out.length - done;
      const count = Math.min(uniformAtOnce, rest - (rest % uniformTogether));
      out.set(uniform(count, this.counter, [this.key0, this.key1], low, scale), done);
      this.block += count / 4;
      done += count;
    }
    for (; done < out.length; done++) out[done] = low + (this.uint32() >>> 8) * scale;
    return out;
  }

  /**
   * Fills `out` with normal numbers, rounded to float32: two by Box and Muller's method from each
   * two uniform ones, where `normal` makes one. None is further from the mean than 5.77 deviations.
   */
  fillNormal(out: Float32Array, mean = 0, deviation = 1): Float32Array {
    for (let i = 0; i < out.length; i += 2) {
      const radius = deviation * Math.sqrt(-2 * Math.log(1 - this.uniform()));
      const angle = 2 * Math.PI * this.uniform();
      out[i] = mean + radius * Math.cos(angle);
      // Beyond the end of `out` this is lost.
      out[i + 1] = mean + radius * Math.sin(angle);
    }
    return out;
  }

  /** A random order of 0 … count−1 (Fisher and Yates). */
  permutation(count: number): Uint32Array {
    const order = Uint32Array.from({ length: count }, (_, i) => i);
    for (let i = count - 1; i > 0; i--) {
      const j = this.below(i + 1);
      const held = order[i] ?? 0;
      order[i] = order[j] ?? 0;
      order[j] = held;
    }
    return order;
  }

  private refill(): void {
    this.chunk.set(this.blocks(CHUNK_BLOCKS));
    this.next = 0;
  }

  /** Of the next block. */
  private get counter(): [number, number, number, number] {
    return [this.block, 0, this.position, Math.floor(this.position / 0x100000000)];
  }

  private blocks(count: number): Uint32Array {
    const numbers = philox(count, ...this.counter, this.key0, this.key1);
    this.block += count;
    return numbers;
  }
}

/**
 * Named streams of random numbers for one seed. `at('noise', 7)` is the sequence for the stream
 * `noise` at position 7, the same whatever was drawn before: nothing is replayed on resume.
 */
export class RandomStreams {
  constructor(readonly seed: number) {}

  /**
   * @param name the purpose, such as `augmentation/noise`
   * @param position a non-negative safe integer, usually the update number
   */
  at(name: string, position = 0): RandomSequence {
    const digest = createHash('sha256')
      .update(`${String(this.seed)}\0${name}`)
      .digest();
    return new RandomSequence(digest.readUInt32LE(0), digest.readUInt32LE(4), position);
  }
}
