/**
 * Cuts streams of any lengths into blocks of one size, and gives out what they become: after n
 * samples in, the blocks that they fill are out. The result does not depend on how the input is cut.
 */
export class Blocks {
  private readonly held: readonly Float32Array[];
  private filled = 0;
  private readonly output: Float32Array;

  /**
   * @param channels streams that run beside each other
   * @param process takes a block of each and fills `output`
   */
  constructor(
    channels: number,
    private readonly size: number,
    private readonly process: (blocks: readonly Float32Array[], output: Float32Array) => void,
  ) {
    this.held = Array.from({ length: channels }, () => new Float32Array(size));
    this.output = new Float32Array(size);
  }

  /** Samples that wait for their block to be full. */
  get waiting(): number {
    return this.filled;
  }

  /** @param streams equally long; what of one is missing is silence @returns whole blocks */
  push(streams: readonly Float32Array[]): Float32Array {
    const length = Math.max(0, ...streams.map((stream) => stream.length));
    const done = new Float32Array(Math.floor((this.filled + length) / this.size) * this.size);
    let written = 0;
    for (let at = 0; at < length;) {
      const take = Math.min(this.size - this.filled, length - at);
      this.held.forEach((block, channel) => {
        const part = streams[channel]?.subarray(at, at + take) ?? new Float32Array();
        block.fill(0, this.filled, this.filled + take).set(part, this.filled);
      });
      this.filled += take;
      at += take;
      if (this.filled < this.size) break;
      this.process(this.held, this.output);
      done.set(this.output, written);
      written += this.size;
      this.filled = 0;
    }
    return done;
  }

  /** What is left, with silence after it. @returns as many samples as were waiting */
  flush(): Float32Array {
    if (this.filled === 0) return new Float32Array();
    const rest = this.filled;
    for (const block of this.held) block.fill(0, rest);
    this.process(this.held, this.output);
    this.filled = 0;
    return this.output.slice(0, rest);
  }
}
