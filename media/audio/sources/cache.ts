/** Sounds that were read last, as many as fit; each is read once when several ask for it at a time. */
export class SoundCache {
  /** In the order in which they were last asked for. */
  private readonly kept = new Map<string, Float32Array>();
  private readonly pending = new Map<string, Promise<Float32Array>>();
  private bytes = 0;

  /** @param limit bytes that are kept at most; a sound that is larger is not kept */
  constructor(private readonly limit: number) {}

  /** The sound of a name: the kept one, or what `read` gives. */
  get(name: string, read: () => Promise<Float32Array>): Promise<Float32Array> {
    const found = this.kept.get(name);
    if (found !== undefined) {
      this.kept.delete(name);
      this.kept.set(name, found);
      return Promise.resolve(found);
    }
    const waiting = this.pending.get(name);
    if (waiting !== undefined) return waiting;
    const reading = read()
      .then((sound) => {
        this.keep(name, sound);
        return sound;
      })
      .finally(() => this.pending.delete(name));
    this.pending.set(name, reading);
    return reading;
  }

  private keep(name: string, sound: Float32Array): void {
    if (sound.byteLength > this.limit) return;
    this.kept.set(name, sound);
    this.bytes += sound.byteLength;
    for (const [oldest, old] of this.kept) {
      if (this.bytes <= this.limit) return;
      this.kept.delete(oldest);
      this.bytes -= old.byteLength;
    }
  }
}

/** 17 minutes at 16 kHz. */
export const usualCacheBytes = 64 * 2 ** 20;
