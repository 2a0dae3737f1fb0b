/** The package has no types of its own. */
declare module 'fft.js' {
  export default class FFT {
    /** @param size a power of two above 1 */
    constructor(size: number);
    /** Interleaved real and imaginary parts, 2 · size numbers. */
    createComplexArray(): number[];
    /** Fills the first half of `out`, size / 2 + 1 complex numbers. */
    realTransform(out: number[] | Float64Array, data: ArrayLike<number>): void;
    transform(out: number[] | Float64Array, data: ArrayLike<number>): void;
    /** Divides by the size. */
    inverseTransform(out: number[] | Float64Array, data: ArrayLike<number>): void;
  }
}
