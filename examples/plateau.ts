import { anyNumber, definePlugin, z, type RunInfo } from 'ncn';

const options = z.strictObject({
  evaluation: z.string().default('fixed').describe('evaluation that is watched'),
  metric: z
    .string()
    .nullable()
    .default(null)
    .describe('metric that should get better; null: the primary one'),
  patience: z.int().positive().default(10).describe('evaluations without a new best value'),
  least: z.number().nonnegative().default(0).describe('how much better a new best value must be'),
});

/** What is known of a metric, `batch/…` too. @throws Error where it is not known which way is better */
function known({ metrics }: RunInfo, name: string | null) {
  const found =
    name === null
      ? (metrics.find(({ primary }) => primary) ?? metrics[0])
      : metrics.find((metric) => metric.name === name.replace(/^batch\//, ''));
  const directed = metrics.filter(({ better }) => better !== null);
  if (found !== undefined && found.better !== null) return found;
  throw new Error(
    `'${name ?? 'null'}' cannot be watched; these can: ${directed.map((m) => m.name).join(', ')}`,
  );
}

/** Stops a run that no longer gets better; the final evaluation is made as usual. */
export default definePlugin({
  name: 'plateau',
  version: '1.0.0',
  summary: 'stops when a metric no longer gets better',
  options,
  setup({ hooks, persist, options: { evaluation, metric, patience, least } }) {
    let best: number | null = null;
    let since = 0;
    hooks.evaluationEnd.tap(({ run, name, result, control }) => {
      if (name !== evaluation) return;
      const watched = known(run, metric);
      const value = result.metrics.get(metric ?? watched.name);
      if (value === undefined) throw new Error(`'${name}' has no metric '${watched.name}'`);
      const gain = (from: number): number =>
        watched.better === 'lower' ? from - value : value - from;
      if (!Number.isNaN(value) && (best === null || gain(best) > least)) [best, since] = [value, 0];
      else since++;
      if (since >= patience) {
        control.stop(`${watched.name} has not become better for ${patience} evaluations`);
      }
    });
    persist({
      schema: z.strictObject({ best: anyNumber().nullable(), since: z.int().nonnegative() }),
      save: () => ({ best, since }),
      restore: (state) => ({ best, since } = state),
    });
  },
});
