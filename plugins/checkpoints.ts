import { definePlugin, z } from 'ncn';

const options = z.strictObject({
  every: z.int().positive().default(10_000).describe('updates between checkpoints'),
  keep: z.int().positive().default(3).describe('checkpoints that are kept; the last is always one'),
});

/** When checkpoints are saved; how is the core's business. */
export default definePlugin({
  name: 'checkpoints',
  version: '1.0.0',
  summary: 'saves checkpoints at an interval and at the end',
  options,
  setup({ hooks, options: { every, keep } }) {
    hooks.runStart.tap(({ keepCheckpoints }) => {
      keepCheckpoints(keep);
    });
    hooks.updateEnd.tap(({ update, control }) => {
      if (update % every === 0) control.checkpoint();
    });
    hooks.trainingEnd.tap(({ control }) => {
      control.checkpoint();
    });
  },
});
