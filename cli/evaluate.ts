import { ExitCode } from '../core/errors/error.js';
import { nothingToEvaluate } from '../core/errors/training.js';
import { formatMetric } from '../core/services/format.js';
import { RandomToken } from '../core/services/core-tokens.js';
import { Evaluator } from '../core/trainer/loop/evaluator.js';
import { openContext } from './context.js';
import { writeTestImages } from '../media/image/test-images.js';
import { newestCheckpoint, openRun, type OpenRunOptions } from './open-run.js';
import { table } from './table.js';

export interface EvaluateOptions extends OpenRunOptions {
  /** Where to write the values of each test image. */
  readonly perImage?: string;
}

/** `ncn evaluate RUN`: runs the run's evaluations on its newest checkpoint. */
export async function evaluateCommand(options: EvaluateOptions, name: string): Promise<ExitCode> {
  const context = await openContext(options);
  const { directory, prepared, session } = await openRun(
    name,
    { ...options, acceptChanges: true },
    context,
  );
  try {
    const checkpoint = await newestCheckpoint(directory, context);
    if (checkpoint === undefined) throw nothingToEvaluate(directory.path);
    await session.write(checkpoint.tensors);
    const { dataset, built, services } = prepared;
    const evaluator = new Evaluator(dataset, session, built, services.get(RandomToken), () =>
      Promise.resolve(),
    );
    const results: Record<string, Record<string, number>> = {};
    const rows: string[][] = [];
    for (const [evaluation, { run }] of built.evaluations) {
      const { metrics, perImage } = await run(evaluator);
      if (perImage !== undefined && options.perImage !== undefined) {
        await writeTestImages(options.perImage, perImage, {
          update: checkpoint.update,
          seed: prepared.experiment.core.seed,
          dataset: dataset.hash,
        });
      }
      results[evaluation] = Object.fromEntries(metrics);
      for (const [metric, value] of metrics) rows.push([evaluation, metric, formatMetric(value)]);
    }
    context.terminal.result(
      `${directory.path}, update ${checkpoint.update}\n${table(['evaluation', 'metric', ''], rows)}`,
      { directory: directory.path, update: checkpoint.update, results },
    );
    return ExitCode.ok;
  } finally {
    await session.close();
  }
}
