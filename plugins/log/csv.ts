import { appendFile, open, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { definePlugin, phaseAt, RunDirectoryToken, RunningMeans, runningMeansSchema, z } from 'ncn';

const options = z.strictObject({
  file: z
    .string()
    .regex(/^[^/\\]+\.csv$/, 'must be the name of a file, ending in .csv')
    .default('metrics.csv')
    .describe('name of the file in the run’s folder'),
  every: z
    .int()
    .positive()
    .default(100)
    .describe('updates between rows of losses; each is a mean over them. A phase ends with some'),
});

const head = 'update,kind,name,value\n';

const quoted = (text: string): string =>
  /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;

/** Whether the file holds a table of so many bytes, or more. */
async function holds(path: string, bytes: number): Promise<boolean> {
  try {
    const file = await open(path);
    try {
      const start = Buffer.alloc(head.length);
      await file.read(start, 0, start.length, 0);
      return start.toString() === head && (await file.stat()).size >= bytes;
    } finally {
      await file.close();
    }
  } catch {
    return false;
  }
}

/**
 * All numbers of a run as a table for spreadsheets, R and pandas: one number a row (RFC 4180), `kind`
 * is the phase for losses and the evaluation's name for metrics. As `metrics.jsonl`, equal runs
 * write equal files, also where they were stopped and resumed.
 */
export default definePlugin({
  name: 'log.csv',
  version: '1.0.0',
  summary: 'writes losses and evaluations to metrics.csv, one number a row',
  options,
  setup({ hooks, services, persist, log, options: { file, every } }) {
    const means = new RunningMeans();
    let position = 0;
    let rows = '';
    const path = (): string => join(services.get(RunDirectoryToken).path, file);
    const add = (update: number, kind: string, values: Iterable<readonly [string, number]>) => {
      for (const [name, value] of values)
        rows += `${update},${quoted(kind)},${quoted(name)},${value}\n`;
    };
    const flush = async (): Promise<void> => {
      await appendFile(path(), rows);
      position += Buffer.byteLength(rows);
      rows = '';
    };

    hooks.runStart.tap(
      async () => {
        if (position > 0) {
          if (await holds(path(), position)) {
            // What was written after the checkpoint will be written again.
            await truncate(path(), position);
            return;
          }
          log.warn(`${path()} lacks what was written before: it begins anew here`);
        }
        await writeFile(path(), head);
        position = head.length;
      },
      { stage: 'first' },
    );
    hooks.updateEnd.tap(async ({ update, phase, phaseUpdate, metrics }) => {
      means.add(await metrics());
      if (update % every !== 0 && phaseUpdate !== phase.updates) return;
      add(update, phase.name, means.take());
    });
    hooks.trainingEnd.tap(({ run, update }) => {
      // Of a run that was stopped before its time.
      add(update, phaseAt(run, update), means.take());
    });
    hooks.evaluationEnd.tap(async ({ name, update, result }) => {
      add(update, name, result.metrics);
      await flush();
    });
    hooks.checkpointSave.tap(flush, { stage: 'first' });
    hooks.runEnd.tap(flush);
    persist({
      schema: z.strictObject({ position: z.int().nonnegative(), means: runningMeansSchema }),
      save: () => ({ position, means: means.save() }),
      restore(state) {
        position = state.position;
        means.restore(state.means);
      },
    });
  },
});
