import { definePlugin, schedule, tf, toSchedule, z } from 'ncn';

/** Adds a loss term that prefers smooth outputs: total variation (Rudin, Osher, Fatemi, 1992). */
export default definePlugin({
  name: 'loss.variation',
  version: '1.0.0',
  summary: 'total variation of the output, as a loss of the generator',
  options: z.strictObject({ weight: schedule().default(0.01).describe('weight in the loss') }),
  setup({ hooks, options }) {
    hooks.losses.tap(({ add }) => {
      add({
        name: 'variation',
        network: 'generator',
        weight: toSchedule(options.weight),
        value({ output }) {
          const [b, h, w] = output.shape;
          const rows = tf.sub(
            tf.slice(output, [0, 1, 0, 0], [b, h - 1, w, 1]),
            tf.slice(output, [0, 0, 0, 0], [b, h - 1, w, 1]),
          );
          const columns = tf.sub(
            tf.slice(output, [0, 0, 1, 0], [b, h, w - 1, 1]),
            tf.slice(output, [0, 0, 0, 0], [b, h, w - 1, 1]),
          );
          return tf.add<tf.Scalar>(tf.mean(tf.abs(rows)), tf.mean(tf.abs(columns)));
        },
      });
    });
  },
});
