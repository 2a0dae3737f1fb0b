import { readTestExamples, testExamplesFile } from '../core/evaluation/test-examples.js';
import type { TestExamples } from '../core/evaluation/test-examples.js';
import type { KnownMetric } from '../core/run/known-metric.js';
import { RunDirectory } from '../core/run/directory.js';
import { manifestSchema } from '../core/run/manifest.js';
import { formatMetric, formatValue } from '../core/services/format.js';
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
export async function methodTableOf(
  directory: string,
  metrics: readonly KnownMetric[],
): Promise<MethodTable | undefined> {
  if (metrics.every(({ beside }) => beside === null)) return undefined;
  try {
    return methodTable(await readTestExamples(testExamplesFile(directory)), metrics);
  } catch {
    return undefined;
  }
}

/** What a run's plugins declared of its metrics; none where its manifest cannot be read, which is told elsewhere. */
export async function declaredIn(directory: string): Promise<readonly KnownMetric[]> {
  try {
    const run = await RunDirectory.open(directory);
    return (await run.readJson('manifest.json', manifestSchema)).metrics;
  } catch {
    return [];
  }
}

/** A result for people, as its metric was declared: a share in percent, a number with its unit. */
export function showResult(name: string, value: number, declared: readonly KnownMetric[]): string {
  const about = declared.find((metric) => metric.name === metricOf(name));
  if (about !== undefined) return formatValue(value, about);
  return Number.isInteger(value) ? String(value) : formatMetric(value);
}

/** Results in the order in which their metrics were declared: a resumed run has read them sorted. */
export function asDeclared<Value>(
  results: Iterable<readonly [name: string, value: Value]>,
  declared: readonly KnownMetric[],
): (readonly [name: string, value: Value])[] {
  const places = new Map(declared.map(({ name }, i) => [name, i]));
  const placeOf = (name: string): number => places.get(metricOf(name)) ?? places.size;
  return [...results].sort(([a], [b]) => placeOf(a) - placeOf(b));
}

/** `psnr` of `test/batch/psnr`. */
const metricOf = (result: string): string => result.slice(result.lastIndexOf('/') + 1);
