import type { HostTensor } from '../../../core/engine/types.js';
import { halfSpectrum, RealFft } from '../fft.js';

/** A loaded model, as `loadModel` of `ncn/engine` gives it. */
export interface FrameModel {
  run(
    inputs: ReadonlyMap<string, HostTensor>,
    outputs: ReadonlyMap<string, readonly number[]>,
  ): Promise<Map<string, HostTensor>>;
}

const size = 512;
const hop = 256;
const bins = size / 2 + 1;

/** What the model remembers of earlier frames, all zero at the start. */
const caches = new Map([
  ['conv_cache', [2, 1, 16, 16, 33]],
  ['tra_cache', [2, 3, 1, 1, 16]],
  ['inter_cache', [2, 1, 33, 16]],
]);
const outputs = new Map([
  ['enh', [1, bins, 1, 2]],
  ...[...caches].map(([name, shape]): [string, number[]] => [`${name}_out`, shape]),
]);

/**
 * Suppresses noise with GTCRN (Rong et al., ICASSP 2024, by its authors' model of one frame): spectra of 512 samples
 * every 256 under the root of a Hann window, one after the other, laid over each other again.
 * @param signal 16 kHz
 * @returns as many samples
 * @throws NcnError where the model is another
 */
export async function suppressWithGtcrn(
  model: FrameModel,
  signal: Float32Array,
): Promise<Float32Array> {
  const padded = new Float32Array(hop + signal.length + size);
  padded.set(signal, hop);
  const out = new Float32Array(padded.length);
  const window = Float64Array.from({ length: size }, (_, n) => Math.sin((Math.PI * n) / size));
  const fft = new RealFft(size);
  const [spectrum, nothing] = [halfSpectrum(bins), halfSpectrum(bins)];
  const [part, unused] = [new Float64Array(size), new Float64Array(size)];
  let memory = new Map<string, HostTensor>(
    [...caches].map(([name, shape]) => {
      const data = new Float32Array(shape.reduce((product, n) => product * n, 1));
      return [name, { shape, data }];
    }),
  );
  for (let at = 0; at + size <= padded.length; at += hop) {
    for (let n = 0; n < size; n++) part[n] = (padded[at + n] ?? 0) * (window[n] ?? 0);
    fft.forward(part, spectrum);
    const data = new Float32Array(2 * bins);
    for (let k = 0; k < bins; k++) {
      data[2 * k] = spectrum.re[k] ?? 0;
      data[2 * k + 1] = spectrum.im[k] ?? 0;
    }
    const mix = { shape: [1, bins, 1, 2], data };
    const results = await model.run(new Map([['mix', mix], ...memory]), outputs);
    const of = (name: string, before: HostTensor): Float32Array =>
      results.get(name)?.data ?? before.data;
    memory = new Map(
      [...memory].map(([name, before]) => [
        name,
        { shape: before.shape, data: of(`${name}_out`, before) },
      ]),
    );
    const enhanced = of('enh', mix);
    for (let k = 0; k < bins; k++) {
      spectrum.re[k] = enhanced[2 * k] ?? 0;
      // A real signal's lowest and highest bin have no imaginary part, whatever the model says.
      spectrum.im[k] = k === 0 || k === bins - 1 ? 0 : (enhanced[2 * k + 1] ?? 0);
    }
    fft.inversePair([spectrum, nothing], [part, unused]);
    for (let n = 0; n < size; n++) {
      out[at + n] = (out[at + n] ?? 0) + (part[n] ?? 0) * (window[n] ?? 0);
    }
  }
  return out.slice(hop, hop + signal.length);
}
