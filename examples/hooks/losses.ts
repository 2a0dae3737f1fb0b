import { definePlugin, schedule, tf, toSchedule, z } from 'ncn';

export default definePlugin({
  name: 'example.losses',
  version: '1.0.0',
  summary: 'adds a loss term: the output should not be brighter than the input',
  options: z.strictObject({ weight: schedule().default(0.1).describe('weight in the loss') }),
  setup({ hooks, options: { weight } }) {
    hooks.losses.tap(({ add, main }) => {
      add({
        name: 'brighter',
        network: main,
        weight: toSchedule(weight),
        value: ({ signal, output }) => tf.mean<tf.Scalar>(tf.relu(tf.sub(output, signal('input')))),
      });
    });
  },
});
