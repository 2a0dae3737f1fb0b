import { definePlugin, RandomToken, z } from 'ncn';
import { firstImages } from 'ncn/media';

const options = z.strictObject({
  images: z.int().positive().default(1000).describe('number of training images to keep'),
  windows: z
    .boolean()
    .default(false)
    .describe('batches are consecutive images from a random start, as in the scripts'),
});

/** Trains on the first images only. */
export default definePlugin({
  name: 'subset',
  version: '1.0.0',
  summary: 'a smaller training set',
  options,
  setup({ hooks, options: o, services }) {
    hooks.dataset.tap((payload) => {
      const { train } = payload.dataset;
      if (!o.windows) {
        payload.replace({ ...payload.dataset, train: firstImages(train, o.images) });
        return;
      }
      // The window starts below `images` and may reach past it.
      const random = services.get(RandomToken);
      payload.sample((stream, update, batchSize) => {
        const start = random.at(`subset/${stream}`, update).below(Math.min(o.images, train.count));
        return Uint32Array.from({ length: batchSize }, (_, i) => (start + i) % train.count);
      });
    });
  },
});
