import type { KnownMetric, Metrics, UpdatePayload } from 'ncn';
import type { TaggedScalar } from 'ncn/lab';

/** Where a number of the step goes: `generator/content` is a loss where a weight of its name is. */
export function tagOf(metric: string, weights: ReadonlyMap<string, number>): string {
  if (metric.endsWith('/loss')) return `loss/${metric.slice(0, -'/loss'.length)}/total`;
  return weights.has(`weight/${metric}`) ? `loss/${metric}` : metric;
}

/** Weights of the losses, learning rates, and what optimizers use that do not tell theirs. */
export function schedulesOf({ scalars, learningRates }: UpdatePayload): TaggedScalar[] {
  const rates = learningRates();
  const values = [...rates].map(([network, rate]): TaggedScalar => [
    `learning_rate/${network}`,
    rate,
  ]);
  for (const [name, value] of scalars) {
    const [kind, index, network = '', scalar = ''] = name.split('/');
    if (kind === 'weight') values.push([name, value]);
    if (kind === 'optimizer' && !rates.has(network)) {
      values.push([`optimizer/${network}/${scalar}/${index ?? ''}`, value]);
    }
  }
  return values;
}

/** What is measured with the statistics of the batch has this before its name. */
const inBatch = 'batch/';

/** Results of an evaluation under its name, each with what its declaration says of it. */
export function scalarsOf(
  evaluation: string,
  values: Metrics,
  metrics: readonly KnownMetric[],
): TaggedScalar[] {
  const known = new Map(metrics.map((metric) => [metric.name, metric]));
  return [...values].map(([name, value]): TaggedScalar => {
    const tag = `${evaluation}/${name}`;
    const own = name.startsWith(inBatch) ? name.slice(inBatch.length) : name;
    const metric = known.get(name) ?? known.get(own);
    if (metric === undefined) return [tag, value];
    const { label, unit, better } = metric;
    const statistics = metric.name === name ? '' : ' with batch statistics';
    const title = `${label}${unit === null ? '' : ` (${unit})`}${statistics}`;
    const description = better === null ? title : `${title}, ${better} is better`;
    return [tag, value, { name: title, description }];
  });
}
