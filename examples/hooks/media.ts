import { definePlugin, z, type HostTensor } from 'ncn';

/** Bars for the values from 0 to 1, 4 wide and up to 32 high. */
function bars({ data }: HostTensor) {
  const [width, height] = [4 * data.length, 32];
  const pixels = Uint8Array.from({ length: width * height }, (_, i) => {
    const value = data[Math.floor((i % width) / 4)] ?? 0;
    return Math.floor(i / width) >= height * (1 - value) ? 255 : 0;
  });
  return { width, height, channels: 1, data: pixels } as const;
}

export default definePlugin({
  name: 'example.media',
  version: '1.0.0',
  summary: 'shows signals of one axis as bars, and writes them as text',
  options: z.strictObject({}),
  setup({ hooks }) {
    hooks.media.tap(({ add }) => {
      add({
        name: 'vector',
        fits: (shape) => shape.length === 1,
        extensions: ['.txt'],
        mime: 'text/plain',
        decode(bytes, where, [size]) {
          const values = new TextDecoder().decode(bytes).trim().split(/\s+/).map(Number);
          if (values.length === size) return Promise.resolve(Float32Array.from(values));
          throw new Error(`${where} has ${values.length} numbers; ${String(size)} were expected`);
        },
        encode: ({ data }) => Promise.resolve(new TextEncoder().encode(`${data.join(' ')}\n`)),
        draw: bars,
        range: [0, 1],
      });
    });
  },
});
