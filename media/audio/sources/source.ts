/** Where sounds come from: 16 kHz, mono. */
export interface SoundSource {
  readonly name: string;
  readonly count: number;
  /** Names the content: another content has another. */
  readonly hash: string;
  /** Who or what: two sounds of one group are of one speaker or piece. */
  readonly groupOf: (index: number) => string;
  /** @throws NcnError where it cannot be read */
  readonly read: (index: number) => Promise<Float32Array>;
}

export type SoundKind = 'speech' | 'music' | 'noise';

/** Keeps the sounds that were read last, up to so many samples together. */
export class RecentSounds {
  private readonly kept = new Map<number, Promise<Float32Array>>();
  private samples = 0;

  /** @param most samples: 64 MiB by default */
  constructor(private readonly most = 2 ** 24) {}

  get(index: number, read: () => Promise<Float32Array>): Promise<Float32Array> {
    const known = this.kept.get(index);
    // A map lists its entries in the order in which they were set.
    if (known !== undefined) {
      this.kept.delete(index);
      this.kept.set(index, known);
      return known;
    }
    const sound = read();
    this.kept.set(index, sound);
    sound.then(
      ({ length }) => this.grow(length),
      () => this.kept.delete(index),
    );
    return sound;
  }

  private grow(length: number): void {
    this.samples += length;
    for (const [index, sound] of this.kept) {
      if (this.samples <= this.most || this.kept.size === 1) return;
      this.kept.delete(index);
      void sound.then(({ length: gone }) => (this.samples -= gone));
      break;
    }
  }
}
