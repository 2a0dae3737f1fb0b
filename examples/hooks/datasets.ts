import { definePlugin, hashOfSignals, inMemory, z } from 'ncn';

export default definePlugin({
  name: 'example.datasets',
  version: '1.0.0',
  summary: 'offers the data set blank: images without anything on them',
  options: z.strictObject({}),
  setup({ hooks }) {
    const blank = (count: number) => ({
      image: { shape: [28, 28, 1], data: new Float32Array(count * 28 * 28) },
    });
    hooks.datasets.tap(({ add }) => {
      add({
        name: 'blank',
        summary: 'black images',
        load: () =>
          Promise.resolve({
            name: 'blank',
            source: 'generated',
            hash: hashOfSignals(blank(100), blank(20)),
            train: inMemory(100, blank(100)),
            test: inMemory(20, blank(20)),
          }),
      });
    });
  },
});
