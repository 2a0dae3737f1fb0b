import { definePlugin, MetricsLogToken, phaseAt, RunningMeans, runningMeansSchema, z } from 'ncn';

const options = z.strictObject({
  every: z
    .int()
    .positive()
    .default(100)
    .describe('updates between lines; each is a mean over them. A phase ends with one'),
});

const saved = z.strictObject({ position: z.int().nonnegative(), means: runningMeansSchema });

/**
 * Writes `metrics.jsonl`: running means of what each update reports, and every evaluation. The
 * file holds nothing that depends on time, so equal runs write equal files.
 */
export default definePlugin({
  name: 'metrics',
  version: '1.0.0',
  summary: 'writes losses and evaluations to metrics.jsonl',
  options,
  setup({ hooks, services, persist, options: { every } }) {
    const means = new RunningMeans();
    let position = 0;

    hooks.runStart.tap(
      async ({ run }) => {
        const log = services.get(MetricsLogToken);
        // What was written after the checkpoint will be written again.
        await log.truncateTo(position);
        for (const { update, values } of run.changes) {
          log.append({ type: 'change', update, values });
        }
      },
      { stage: 'first' },
    );
    const add = (update: number, phase: string, scalars: Iterable<[string, number]>): void => {
      services.get(MetricsLogToken).append({
        type: 'update',
        update,
        phase,
        metrics: Object.fromEntries(means.take()),
        scalars: Object.fromEntries([...scalars].filter(([name]) => name.startsWith('weight/'))),
      });
    };
    hooks.updateEnd.tap(async ({ update, phase, phaseUpdate, scalars, metrics }) => {
      means.add(await metrics());
      if (update % every === 0 || phaseUpdate === phase.updates) add(update, phase.name, scalars);
    });
    hooks.trainingEnd.tap(({ run, update }) => {
      // Of a run that was stopped before its time.
      if (!means.isEmpty) add(update, phaseAt(run, update), []);
    });
    hooks.evaluationEnd.tap(async ({ name, update, result }) => {
      const log = services.get(MetricsLogToken);
      log.append({ type: 'evaluation', name, update, metrics: Object.fromEntries(result.metrics) });
      await log.flush();
    });
    hooks.checkpointSave.tap(
      async () => {
        const log = services.get(MetricsLogToken);
        await log.flush();
        position = log.position;
      },
      { stage: 'first' },
    );
    persist({
      schema: saved,
      save: () => ({ position, means: means.save() }),
      restore(state) {
        position = state.position;
        means.restore(state.means);
      },
    });
  },
});
