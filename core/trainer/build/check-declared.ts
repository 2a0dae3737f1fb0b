import { z } from 'zod';
import { badContribution } from '../../errors/plugin.js';
import { describeMetric, type Metric, type MetricDeclaration } from '../../evaluation/metric.js';
import type { Evaluation, EvaluationResult } from '../../hooks/payloads.js';
import { firstIssue } from '../../run/json.js';
import { knownMetricSchema } from '../../run/known-metric.js';
import type { Phase } from '../../step/types.js';

/** What plugins declare is kept in the manifest of a run, and must be read back from it. */

/** @throws NcnError for a length that no phase has */
export function checkPhase({ name, updates, order }: Phase): void {
  if (order.length === 0) throw badContribution(`Phase '${name}' updates nothing.`);
  if (Number.isSafeInteger(updates) && updates >= 0) return;
  throw badContribution(
    `Phase '${name}' has ${updates} updates; a whole number was expected.`,
    'Math.round() makes one of a share of the updates.',
  );
}

const ofBatchStatistics = 'batch/';

/** @throws NcnError for a declaration that a manifest cannot hold, and for a name that is taken */
export function checkMetric(metric: Metric): void {
  checkDeclaration(`The metric '${metric.name}'`, metric);
  if (metric.name.startsWith(ofBatchStatistics)) {
    throw badContribution(
      `The metric '${metric.name}' cannot have this name: '${ofBatchStatistics}' begins those that are measured with the statistics of a batch.`,
      'Rename it.',
    );
  }
  const group = metric.group?.name;
  const taken =
    group === 'worst' || group === 'best' || group?.startsWith(ofBatchStatistics) === true;
  if (!taken) return;
  throw badContribution(
    `The group of the metric '${metric.name}' cannot be called '${group}': 'worst', 'best' and names with '${ofBatchStatistics}' are those of every experiment.`,
    'Rename it.',
  );
}

/** @throws NcnError for a name that is no place in a run, and for what a manifest cannot hold */
export function checkEvaluation({ name, metrics = [] }: Evaluation): void {
  const parts = typeof name === 'string' ? name.split('/') : [];
  const isPlace = parts.every((part) => !['', '.', '..'].includes(part)) && !/[\\\0]/.test(name);
  if (parts.length === 0 || !isPlace) {
    throw badContribution(
      `An evaluation cannot be called '${name}': its results are files in the folder of the run.`,
      "Use words, which '/' may separate: 'shifted' or 'shifted/far'.",
    );
  }
  for (const metric of metrics) {
    checkDeclaration(`The metric '${metric.name}' of the evaluation '${name}'`, metric);
  }
}

function checkDeclaration(what: string, metric: MetricDeclaration): void {
  const known = describeMetric(metric);
  // An infinite limit is none, which is how the manifest has it.
  const range = known.range?.map((limit) => (Math.abs(limit ?? 0) === Infinity ? null : limit));
  const { error } = knownMetricSchema.safeParse({ ...known, range: range ?? null });
  if (error === undefined) return;
  throw badContribution(
    `${what} is not declared as one: ${firstIssue(error)}.`,
    'Numbers of a declaration are finite; a bound that there is not is null, in `range` alone.',
  );
}

const number = z.custom<number>((value) => typeof value === 'number', 'a number was expected');

const resultParts = z.object({
  metrics: z.map(z.string(), number),
  shown: z
    .object({ count: z.int(), signals: z.map(z.string(), z.unknown()), output: z.looseObject({}) })
    .optional(),
  perExample: z
    .object({
      indexes: z.map(z.string(), z.instanceof(Float32Array)),
      values: z.map(z.string(), z.instanceof(Float32Array)),
      examples: z.map(z.string(), z.array(z.unknown())),
    })
    .optional(),
});

/** @throws NcnError for what is no result, before others see it and fail */
export function checkResult(result: EvaluationResult): EvaluationResult {
  const { error } = resultParts.safeParse(result);
  if (error === undefined) return result;
  throw badContribution(
    `its result is not one: ${firstIssue(error)}.`,
    'It gives { metrics: new Map([[name, number]]) }, and perhaps shown and perExample.',
  );
}
