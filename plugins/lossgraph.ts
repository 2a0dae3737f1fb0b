import { join } from 'node:path';
import {
  DatasetToken,
  definePlugin,
  MetricsLogToken,
  readEvents,
  RunDirectoryToken,
  writeFileAtomic,
  z,
} from 'ncn';
import { renderChart } from 'ncn/media';

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

/** The loss graph of the run, drawn at its end from metrics.jsonl. */
export default definePlugin({
  name: 'lossgraph',
  version: '1.0.0',
  summary: 'draws the losses over the updates at the end',
  options: z.strictObject({
    logarithmic: z.boolean().default(true).describe('logarithmic axis for the losses'),
  }),
  requires: ['metrics'],
  setup({ hooks, services, log: logger, options: { logarithmic } }) {
    hooks.runEnd.tap(async ({ run }) => {
      const log = services.get(MetricsLogToken);
      await log.flush();
      const directory = services.get(RunDirectoryToken);
      const lines = new Map<string, [number, number][]>();
      const add = (name: string, update: number, value: unknown) => {
        if (typeof value !== 'number') return;
        const points = lines.get(name) ?? [];
        points.push([update, value]);
        lines.set(name, points);
      };
      const primary = run.metrics.find((metric) => metric.primary && metric.better === 'lower');
      const events = readEvents(directory.metrics);
      for (;;) {
        const { value: event } = await events.next().catch((error: unknown) => {
          // What was read is drawn: a picture is no reason for a run to fail at its end.
          logger.warn(`the loss graph ends early: ${String(error)}`);
          return { value: undefined };
        });
        if (event === undefined) break;
        const { type, update, metrics, name, scalars } = event;
        if (typeof update !== 'number' || !isObject(metrics)) continue;
        if (type === 'evaluation') {
          if (name !== 'fixed' || primary === undefined) continue;
          add(`validation ${primary.name}`, update, Reflect.get(metrics, primary.name));
          continue;
        }
        for (const [metric, value] of Object.entries(metrics)) {
          // A loss has a weight of its name.
          if (isObject(scalars) && `weight/${metric}` in scalars) add(metric, update, value);
        }
      }
      const { notice } = services.get(DatasetToken);
      const png = await renderChart(
        [...lines].map(([name, points]) => ({ name, points })),
        {
          title: `${run.preset}: losses`,
          xName: 'update',
          yName: 'loss',
          logarithmic,
          ...(notice === undefined ? {} : { notice }),
        },
      );
      await writeFileAtomic(join(directory.path, 'losses.png'), png);
    });
  },
});
