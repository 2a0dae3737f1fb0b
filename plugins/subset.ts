import { definePlugin, firstExamples, RandomToken, z } from 'ncn';

const options = z.strictObject({
  examples: z.int().positive().default(1000).describe('number of training examples to keep'),
  windows: z
    .boolean()
    .default(false)
    .describe('batches are consecutive examples from a random start, as in the scripts'),
});

/** Trains on the first examples only. */
export default definePlugin({
  name: 'subset',
  version: '1.0.0',
  summary: 'a smaller training set',
  options,
  setup({ hooks, options: o, services }) {
    hooks.dataset.tap((payload) => {
      const { train } = payload.dataset;
      if (!o.windows) {
        payload.replace({ ...payload.dataset, train: firstExamples(train, o.examples) });
        return;
      }
      // The window starts below `examples` and may reach past it.
      const random = services.get(RandomToken);
      payload.sample((stream, update, batchSize) => {
        const start = random
          .at(`subset/${stream}`, update)
          .below(Math.min(o.examples, train.count));
        return Uint32Array.from({ length: batchSize }, (_, i) => (start + i) % train.count);
      });
    });
  },
});
