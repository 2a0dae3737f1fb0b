import { definePlugin, z } from 'ncn';

const options = z.strictObject({
  roles: z
    .record(z.string(), z.string())
    .default({ input: 'input', target: 'target' })
    .describe('signal of the data set for each role of a batch'),
});

/** The task of a data set that has it already: what it calls input and target is that. */
export default definePlugin({
  name: 'pairs',
  version: '1.0.0',
  summary: 'the task of data sets that come in pairs: nothing is mixed or added',
  options,
  replaces: ['augmentation'],
  setup({ hooks, options: { roles } }) {
    hooks.augmentation.tap(({ set }) => {
      set({
        name: 'pairs',
        takes: Object.fromEntries(
          Object.entries(roles).map(([role, signal]) => [role, { signal }]),
        ),
        draws: {},
        makes: Object.keys(roles),
        apply: (signals) => signals,
      });
    });
  },
});
