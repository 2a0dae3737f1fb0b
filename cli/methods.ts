import { readTestExamples, testExamplesFile } from '../core/evaluation/test-examples.js';
import type { TestExamples } from '../core/evaluation/test-examples.js';
import type { KnownMetric } from '../core/run/known-metric.js';
import { RunDirectory } from '../core/run/directory.js';
import { manifestSchema } from '../core/run/manifest.js';
import { methodRows, methodsOf } from '../lab/report/methods.js';
import { table } from './table.js';

/** A table of the network beside other methods, and the metrics that it tells of. */
export interface MethodTable {
  readonly text: string;
  /** Names of metrics that say nothing that is not in it. */
  readonly told: ReadonlySet<string>;
}

/** Undefined where no metric is of another method. */
export function methodTable(
  examples: Pick<TestExamples, 'values' | 'about'>,
  metrics: readonly KnownMetric[],
): MethodTable | undefined {
  const model = methodsOf(examples, metrics);
  if (model === undefined) return undefined;
  const { head, rows } = methodRows(model);
  const told = metrics.flatMap(({ name, beside }) => (beside === null ? [] : [name]));
  return { text: table(head, rows), told: new Set(told) };
}

/** Of a run's last test; undefined also where its files cannot be read, which is told elsewhere. */
export async function methodTableOf(directory: string): Promise<MethodTable | undefined> {
  try {
    const run = await RunDirectory.open(directory);
    const { metrics } = await run.readJson('manifest.json', manifestSchema);
    if (metrics.every(({ beside }) => beside === null)) return undefined;
    return methodTable(await readTestExamples(testExamplesFile(run.path)), metrics);
  } catch {
    return undefined;
  }
}
