import { definePlugin, z } from 'ncn';

const options = z.strictObject({
  evaluation: z.string().default('fixed').describe('evaluation that is watched'),
  metric: z.string().default('content').describe('metric that should fall'),
  patience: z.int().positive().default(10).describe('evaluations without a new minimum'),
  least: z.number().nonnegative().default(0).describe('how much lower a new minimum must be'),
});

/** Stops a run that no longer gets better; the final evaluation is made as usual. */
export default definePlugin({
  name: 'plateau',
  version: '1.0.0',
  summary: 'stops when a metric has stopped falling',
  options,
  setup({ hooks, persist, options: { evaluation, metric, patience, least } }) {
    let best: number | null = null;
    let since = 0;
    hooks.evaluationEnd.tap(({ name, result, control }) => {
      if (name !== evaluation) return;
      const value = result.metrics.get(metric);
      if (value === undefined) {
        const known = [...result.metrics.keys()].join(', ');
        throw new Error(`evaluation '${name}' has no metric '${metric}'; it has ${known}`);
      }
      if (best === null || value < best - least) [best, since] = [value, 0];
      else since++;
      if (since >= patience) control.stop(`${metric} has not fallen for ${patience} evaluations`);
    });
    persist({
      schema: z.strictObject({ best: z.number().nullable(), since: z.int().nonnegative() }),
      save: () => ({ best, since }),
      restore: (state) => ({ best, since } = state),
    });
  },
});
