/** A stretch of memory, in use or not, in the order in which they lie side by side. */
interface Chunk {
  size: number;
  used: boolean;
  /** Those that lie in one region, itself among them. */
  readonly region: Chunk[];
}

/** ONNX Runtime hands out memory in pieces of this size. */
const piece = 256;
/** A chunk that is that much too large is divided even where it is not twice what is asked for. */
const mostDead = 128 * 2 ** 20;

/**
 * ONNX Runtime's pool of memory (`BFCArena`) that grows by what is asked for: the smallest free
 * chunk that suffices, divided where it is twice as large; neighbours join when they are free.
 */
export class Arena {
  private readonly unused = new Set<Chunk>();
  private readonly held = new Map<string, Chunk>();
  /** Bytes that it has taken; it gives none back. */
  taken = 0;

  /** Takes memory under a name. */
  take(name: string, bytes: number): void {
    const size = Math.max(piece, Math.ceil(bytes / piece) * piece);
    this.held.set(name, this.free(size) ?? this.grow(size));
  }

  /** Gives it back. A name that holds none is let pass. */
  giveBack(name: string): void {
    const chunk = this.held.get(name);
    if (chunk === undefined) return;
    this.held.delete(name);
    chunk.used = false;
    this.unused.add(chunk);
    const { region } = chunk;
    const at = region.indexOf(chunk);
    for (const i of [at, at - 1]) {
      const [one, next] = [region[i], region[i + 1]];
      if (one === undefined || next === undefined || one.used || next.used) continue;
      one.size += next.size;
      region.splice(i + 1, 1);
      this.unused.delete(next);
    }
  }

  private free(size: number): Chunk | undefined {
    let best: Chunk | undefined;
    for (const chunk of this.unused) {
      if (chunk.size >= size && chunk.size < (best?.size ?? Infinity)) best = chunk;
    }
    if (best === undefined) return undefined;
    this.unused.delete(best);
    best.used = true;
    const { region } = best;
    const rest = best.size - size;
    if (best.size >= 2 * size || rest >= mostDead) {
      best.size = size;
      const left: Chunk = { size: rest, used: false, region };
      region.splice(region.indexOf(best) + 1, 0, left);
      this.unused.add(left);
    }
    return best;
  }

  private grow(size: number): Chunk {
    const region: Chunk[] = [];
    const chunk: Chunk = { size, used: true, region };
    region.push(chunk);
    this.taken += size;
    return chunk;
  }
}
