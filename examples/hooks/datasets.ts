import { definePlugin, z } from 'ncn';
import { makeDataset } from 'ncn/media';

export default definePlugin({
  name: 'example.datasets',
  version: '1.0.0',
  summary: 'offers the data set blank: images without anything on them',
  options: z.strictObject({}),
  setup({ hooks }) {
    const blank = (count: number) => ({
      count,
      height: 28,
      width: 28,
      pixels: new Uint8Array(count * 28 * 28),
    });
    hooks.datasets.tap(({ add }) => {
      add({
        name: 'blank',
        summary: 'black images',
        load: () => Promise.resolve(makeDataset('blank', 'generated', blank(100), blank(20))),
      });
    });
  },
});
