import { definePlugin, z, type Examples } from 'ncn';

export default definePlugin({
  name: 'example.dataset',
  version: '1.0.0',
  summary: 'trains on the second half of the examples only',
  options: z.strictObject({}),
  setup({ hooks }) {
    hooks.dataset.tap(({ dataset, replace }) => {
      const { count, signals } = dataset.train;
      const half = Math.floor(count / 2);
      const train: Examples = {
        count: count - half,
        signals,
        read: (indexes, out) =>
          dataset.train.read(
            indexes.map((index) => half + index),
            out,
          ),
      };
      replace({ ...dataset, train });
    });
  },
});
