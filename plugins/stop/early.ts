import { copyFile, cp, rename, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import {
  anyNumber,
  definePlugin,
  formatMetric,
  RunDirectoryToken,
  writeFileAtomic,
  z,
  type RunInfo,
} from 'ncn';

const options = z.strictObject({
  evaluation: z.string().default('fixed').describe('evaluation that is watched'),
  metric: z
    .string()
    .nullable()
    .default(null)
    .describe('metric that should get better; null: the primary one'),
  patience: z
    .int()
    .positive()
    .default(10)
    .describe('evaluations without a new best value after which the run stops'),
  least: z.number().nonnegative().default(0).describe('how much better a new best value must be'),
  keepBest: z
    .boolean()
    .default(true)
    .describe('what the run was at the best value stays, as a run in its folder best/'),
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

const saved = z.strictObject({
  metric: z.string(),
  best: anyNumber().nullable(),
  at: z.int().nonnegative(),
  since: z.int().nonnegative(),
});

/**
 * Stops a run that no longer gets better (Prechelt, "Early stopping: but when?", 1998, third
 * criterion); the final evaluation is made as usual. The folder `best` in that of the run is a run
 * whose only checkpoint is the best one: `ncn evaluate RUN/best`, `ncn export RUN/best`.
 */
export default definePlugin({
  name: 'stop.early',
  version: '1.0.0',
  summary: 'stops when a metric no longer gets better, and keeps the best checkpoint',
  options,
  setup({ hooks, services, persist, options: { evaluation, metric, patience, least, keepBest } }) {
    let state: z.infer<typeof saved> = { metric: '', best: null, at: 0, since: 0 };
    hooks.evaluationEnd.tap(({ run, name, update, result, control }) => {
      if (name !== evaluation) return;
      const watched = known(run, metric);
      const label = metric ?? watched.name;
      const value = result.metrics.get(label);
      if (value === undefined) throw new Error(`'${name}' has no metric '${label}'`);
      const gain = (from: number): number =>
        watched.better === 'lower' ? from - value : value - from;
      const { best } = state;
      if (!Number.isNaN(value) && (best === null || gain(best) > least)) {
        state = { metric: label, best: value, at: update, since: 0 };
        if (keepBest) control.checkpoint();
      } else state.since++;
      if (state.since < patience) return;
      const at = best === null ? '' : `; best: ${formatMetric(best)} at update ${state.at}`;
      control.stop(`${label} has not become better for ${patience} evaluations${at}`);
    });
    hooks.checkpointSaved.tap(async ({ update, path }) => {
      if (!keepBest || state.best === null || update !== state.at) return;
      const folder = services.get(RunDirectoryToken).path;
      const [draft, place] = [join(folder, 'best.draft'), join(folder, 'best')];
      await rm(draft, { recursive: true, force: true });
      await cp(path, join(draft, 'checkpoints', basename(path)), { recursive: true });
      for (const file of ['manifest.json', 'config.json']) {
        await copyFile(join(folder, file), join(draft, file));
      }
      await rm(place, { recursive: true, force: true });
      await rename(draft, place);
      const value = Number.isFinite(state.best) ? state.best : String(state.best);
      const about = { update, evaluation, metric: state.metric, value };
      await writeFileAtomic(join(folder, 'best.json'), `${JSON.stringify(about, null, 2)}\n`);
    });
    hooks.runEnd.tap(({ summary }) => {
      if (state.best === null) return;
      summary.set(`best/${state.metric}`, state.best);
      summary.set('best/update', state.at);
    });
    persist({
      schema: saved,
      save: () => state,
      restore: (before) => {
        state = { ...before };
      },
    });
  },
});
