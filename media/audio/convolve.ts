import { halfSpectrum, RealFft, type HalfSpectrum } from './fft.js';

const transforms = new Map<number, { fft: RealFft; a: HalfSpectrum; b: HalfSpectrum }>();

/** Transforms and their memory are kept for each size: clips are equally long. */
function transform(size: number) {
  const known = transforms.get(size);
  if (known !== undefined) return known;
  const fft = new RealFft(size);
  const made = { fft, a: halfSpectrum(fft.bins), b: halfSpectrum(fft.bins) };
  transforms.set(size, made);
  return made;
}

/** A signal filtered by a response, cut to the signal's length. */
export function convolve(signal: Float64Array, response: ArrayLike<number>): Float64Array {
  const size = 2 ** Math.ceil(Math.log2(signal.length + response.length - 1));
  const { fft, a, b } = transform(size);
  const padded = new Float64Array(size);
  padded.set(signal);
  const other = new Float64Array(size);
  for (let i = 0; i < response.length; i++) other[i] = response[i] ?? 0;
  fft.forwardPair([padded, other], [a, b]);
  for (let k = 0; k < fft.bins; k++) {
    const [ar, ai, br, bi] = [a.re[k] ?? 0, a.im[k] ?? 0, b.re[k] ?? 0, b.im[k] ?? 0];
    a.re[k] = ar * br - ai * bi;
    a.im[k] = ar * bi + ai * br;
  }
  b.re.fill(0);
  b.im.fill(0);
  fft.inversePair([a, b], [padded, other]);
  return padded.slice(0, signal.length);
}
