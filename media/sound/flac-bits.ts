/** Bits, the highest first, in memory that grows. */
export class Bits {
  private memory = new Uint8Array(1 << 16);
  private held = 0;
  private count = 0;
  /** Whole bytes so far. */
  length = 0;

  /** Adds the lowest bits of a number. @param width at most 32 */
  put(value: number, width: number): void {
    if (width > 16) {
      this.put(Math.floor(value / 65_536), width - 16);
      this.put(value & 0xffff, 16);
      return;
    }
    this.held = (this.held << width) | (value & ((1 << width) - 1));
    this.count += width;
    while (this.count >= 8) {
      this.count -= 8;
      this.byte((this.held >>> this.count) & 0xff);
    }
    this.held &= (1 << this.count) - 1;
  }

  /** So many zeros, and a one. */
  unary(zeros: number): void {
    let left = zeros;
    for (; left >= 16; left -= 16) this.put(0, 16);
    this.put(1, left + 1 > 16 ? 16 : left + 1);
  }

  /** Zeros up to a whole byte. */
  align(): void {
    if (this.count > 0) this.put(0, 8 - this.count);
  }

  /** The whole bytes from a place on. */
  from(start: number): Uint8Array {
    return this.memory.subarray(start, this.length);
  }

  bytes(): Buffer {
    this.align();
    return Buffer.from(this.memory.subarray(0, this.length));
  }

  private byte(value: number): void {
    if (this.length === this.memory.length) {
      const larger = new Uint8Array(2 * this.memory.length);
      larger.set(this.memory);
      this.memory = larger;
    }
    this.memory[this.length++] = value;
  }
}

/** Cyclic redundancy checks of FLAC, RFC 9639, 9.1.8 and 9.3: polynomials x⁸ + x² + x + 1 … */
export const crc8 = (bytes: Uint8Array): number => check(bytes, 8, 0x07);

/** … and x¹⁶ + x¹⁵ + x² + 1, both from zero on. */
export const crc16 = (bytes: Uint8Array): number => check(bytes, 16, 0x8005);

const tables = new Map<number, Uint16Array>();

function check(bytes: Uint8Array, width: 8 | 16, polynomial: number): number {
  const mask = (1 << width) - 1;
  const table = tables.get(width) ?? tableOf(width, polynomial);
  tables.set(width, table);
  let sum = 0;
  for (const byte of bytes) {
    sum = ((sum << 8) & mask) ^ (table[((sum >>> (width - 8)) ^ byte) & 0xff] ?? 0);
  }
  return sum;
}

const tableOf = (width: 8 | 16, polynomial: number): Uint16Array =>
  Uint16Array.from({ length: 256 }, (_, byte) => {
    const [top, mask] = [1 << (width - 1), (1 << width) - 1];
    let sum = byte << (width - 8);
    for (let i = 0; i < 8; i++) {
      sum = ((sum & top) === 0 ? sum << 1 : (sum << 1) ^ polynomial) & mask;
    }
    return sum;
  });
