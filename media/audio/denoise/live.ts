import { cancellerBlock, EchoCanceller } from '../canceller.js';

/** Removes what is left behind the linear canceller, block by block. */
export interface Suppressor {
  /** Samples by which its output lags behind. */
  readonly latency: number;
  /** Takes 256 samples of each, and gives the next 256 of its output. */
  push(signals: {
    readonly microphone: Float32Array;
    readonly reference: Float32Array;
    readonly cancelled: Float32Array;
  }): Promise<Float32Array>;
}

/**
 * Removes a known signal and noise from a microphone's signal while it comes, 16 kHz: the linear
 * canceller, then a network where there is one. The output is in time with the input: after n samples
 * in, those are out that are known by then, `lag` fewer than whole blocks of 256. What comes out does
 * not depend on how the input is cut.
 */
export class LiveDenoiser {
  private readonly canceller = new EchoCanceller();
  private readonly microphone = new Float32Array(cancellerBlock);
  private readonly reference = new Float32Array(cancellerBlock);
  private filled = 0;
  /** Samples of output that are before the recording. */
  private early: number;
  /** Samples in, and out. */
  private taken = 0;
  private given = 0;

  constructor(private readonly suppressor?: Suppressor) {
    this.early = suppressor?.latency ?? 0;
  }

  /** Samples from a sound to its output: a block must be full, and what the network looks ahead. */
  get lag(): number {
    return cancellerBlock + (this.suppressor?.latency ?? 0);
  }

  /** @param reference what was played meanwhile: as long, silence where it is shorter */
  async push(microphone: Float32Array, reference: Float32Array): Promise<Float32Array> {
    const blocks: Float32Array[] = [];
    this.taken += microphone.length;
    for (let at = 0; at < microphone.length;) {
      const end = Math.min(microphone.length, at + cancellerBlock - this.filled);
      this.microphone.set(microphone.subarray(at, end), this.filled);
      this.reference.fill(0, this.filled, this.filled + end - at);
      this.reference.set(reference.subarray(at, end), this.filled);
      this.filled += end - at;
      at = end;
      if (this.filled === cancellerBlock) blocks.push(await this.block());
    }
    return this.out(blocks);
  }

  /** The end: what is still to come out. Nothing may follow. */
  async flush(): Promise<Float32Array> {
    const blocks: Float32Array[] = [];
    const rest = this.taken - this.given;
    while (sum(blocks) < rest) blocks.push(await this.block());
    return this.out(blocks).subarray(0, rest);
  }

  /** Processes what is filled, with silence behind it. */
  private async block(): Promise<Float32Array> {
    this.microphone.fill(0, this.filled);
    this.reference.fill(0, this.filled);
    this.filled = 0;
    const [microphone, reference] = [this.microphone.slice(), this.reference.slice()];
    const cancelled = new Float32Array(cancellerBlock);
    this.canceller.process(microphone, reference, cancelled);
    const output = (await this.suppressor?.push({ microphone, reference, cancelled })) ?? cancelled;
    const before = Math.min(this.early, output.length);
    this.early -= before;
    return output.subarray(before);
  }

  private out(blocks: readonly Float32Array[]): Float32Array {
    const output = new Float32Array(sum(blocks));
    let at = 0;
    for (const block of blocks) {
      output.set(block, at);
      at += block.length;
    }
    this.given += output.length;
    return output;
  }
}

const sum = (blocks: readonly Float32Array[]): number =>
  blocks.reduce((total, { length }) => total + length, 0);
