/**
 * The 256 values of A-law and µ-law (ITU-T G.711), scaled to (−1, 1): 13 and 14 bits in 16, over
 * 32768.
 */
export const aLaw = table((code) => {
  const bits = code ^ 0x55;
  const [exponent, mantissa] = [(bits >> 4) & 7, bits & 15];
  const size = exponent === 0 ? mantissa * 2 + 1 : (mantissa * 2 + 33) << (exponent - 1);
  return (bits & 0x80) === 0 ? -size * 8 : size * 8;
});

export const muLaw = table((code) => {
  const bits = ~code & 0xff;
  const size = (((bits & 15) * 2 + 33) << ((bits >> 4) & 7)) - 33;
  return (bits & 0x80) === 0 ? size * 4 : -size * 4;
});

function table(value: (code: number) => number): Float32Array {
  return Float32Array.from({ length: 256 }, (_, code) => value(code) / 32768);
}
