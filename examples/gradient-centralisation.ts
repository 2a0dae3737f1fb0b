import { definePlugin, tf, z } from 'ncn';

/**
 * Takes the mean off the gradient of each output of a layer (Yong et al., "Gradient centralization",
 * 2020, equation 1): over all axes of a kernel but the last.
 */
export default definePlugin({
  name: 'centralisation',
  version: '1.0.0',
  summary: 'gradients of kernels have mean zero for each output',
  options: z.strictObject({
    leastRank: z.int().min(2).default(2).describe('least rank of a weight that is a kernel'),
  }),
  setup({ hooks, options }) {
    hooks.transforms.tap(({ gradients }) => {
      gradients({
        name: 'centralisation',
        apply: (_network, all) =>
          new Map(
            [...all].map(([name, g]) => {
              if (g.rank < options.leastRank) return [name, g];
              const axes = g.shape.slice(0, -1).map((_, axis) => axis);
              return [name, tf.sub(g, tf.mean(g, axes, true))];
            }),
          ),
      });
    });
  },
});
