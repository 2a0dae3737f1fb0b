import { definePlugin, z, type HostTensor, type Medium } from 'ncn';

const [width, height] = [256, 64];

/** Row of a value: 1 is at the top, -1 at the bottom. */
const rowOf = (value: number): number =>
  Math.max(0, Math.min(height - 1, Math.round(((1 - value) / 2) * (height - 1))));

/** A plot: each column is filled between the least and the greatest of the values that it shows. */
function plot({ data }: HostTensor) {
  const pixels = new Uint8Array(width * height).fill(255);
  for (let x = 0; x < width; x++) {
    const from = Math.floor((x * data.length) / width);
    // One more, so that columns join.
    const to = Math.max(from + 2, Math.ceil(((x + 1) * data.length) / width) + 1);
    const rows = [...data.subarray(from, to)].map(rowOf);
    for (let row = Math.min(...rows); row <= Math.max(...rows); row++) {
      pixels[row * width + x] = 0;
    }
  }
  return { width, height, channels: 1, data: pixels } as const;
}

/** Waveforms as text, a value a line, and as plots. */
export const waves: Medium = {
  name: 'waves',
  fits: (shape) => shape.length === 2 && shape[1] === 1,
  extensions: ['.txt'],
  mime: 'text/plain',
  decode(bytes, where, [length = 0]) {
    const values = new TextDecoder().decode(bytes).trim().split(/\s+/).map(Number);
    if (values.length !== length || values.some(Number.isNaN)) {
      throw new Error(`${where}: ${length} numbers were expected, a line each`);
    }
    return Promise.resolve(Float32Array.from(values));
  },
  encode: ({ data }) => Promise.resolve(new TextEncoder().encode(`${data.join('\n')}\n`)),
  draw: plot,
  range: [-1, 1],
};

/** How waveforms are read, written and shown: `ncn denoise`, pages and TensorBoard use it. */
export default definePlugin({
  name: 'waves.medium',
  version: '1.0.0',
  summary: 'shows waveforms as plots, and writes them as text',
  options: z.strictObject({}),
  setup({ hooks }) {
    hooks.media.tap(({ add }) => {
      add(waves);
    });
  },
});
