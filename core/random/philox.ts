/**
 * Philox4x32-10, the counter-based generator of Salmon et al., "Parallel Random Numbers: As Easy
 * as 1, 2, 3" (SC 2011, section 3.3). A block of four 32-bit numbers is a pure function of a
 * 128-bit counter and a 64-bit key, so any block can be had without the ones before it.
 */
const M0_HIGH = 0xd251;
const M0_LOW = 0x1f53;
const M0 = 0xd2511f53;
const M1_HIGH = 0xcd9e;
const M1_LOW = 0x8d57;
const M1 = 0xcd9e8d57;
const W0 = 0x9e3779b9;
const W1 = 0xbb67ae85;

/** High 32 bits of the product of x and the constant whose halves are given. */
function mulHigh(x: number, high: number, low: number): number {
  const xl = x & 0xffff;
  const xh = x >>> 16;
  const mid = xh * low + ((xl * low) >>> 16);
  return (xh * high + Math.floor((mid + xl * high) / 0x10000)) | 0;
}

/**
 * Writes the block for the counter (c0, c1, c2, c3) and the key (k0, k1) to out[at .. at+3].
 * @param out receives four uniformly distributed 32-bit unsigned integers
 */
export function philox(
  out: Uint32Array,
  at: number,
  c0: number,
  c1: number,
  c2: number,
  c3: number,
  k0: number,
  k1: number,
): void {
  let a = c0 | 0;
  let b = c1 | 0;
  let c = c2 | 0;
  let d = c3 | 0;
  let x = k0 | 0;
  let y = k1 | 0;
  for (let round = 0; round < 10; round++) {
    const high0 = mulHigh(a, M0_HIGH, M0_LOW);
    const high1 = mulHigh(c, M1_HIGH, M1_LOW);
    const low0 = Math.imul(a, M0);
    const low1 = Math.imul(c, M1);
    a = high1 ^ b ^ x;
    b = low1;
    c = high0 ^ d ^ y;
    d = low0;
    x = (x + W0) | 0;
    y = (y + W1) | 0;
  }
  out[at] = a;
  out[at + 1] = b;
  out[at + 2] = c;
  out[at + 3] = d;
}
