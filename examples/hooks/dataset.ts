import { definePlugin, z } from 'ncn';

export default definePlugin({
  name: 'example.dataset',
  version: '1.0.0',
  summary: 'trains on the second half of the images only',
  options: z.strictObject({}),
  setup({ hooks }) {
    hooks.dataset.tap(({ dataset, replace }) => {
      const { train } = dataset;
      const half = Math.floor(train.count / 2);
      const pixels = train.pixels.subarray(half * train.height * train.width);
      replace({ ...dataset, train: { ...train, count: train.count - half, pixels } });
    });
  },
});
