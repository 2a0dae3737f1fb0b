import { describeMetric, type KnownMetric } from '../../evaluation/metric.js';
import type { Blueprint } from '../../step/types.js';
import type { Built } from './build.js';

/** What is known of the numbers that evaluations report: of metrics first, then of evaluations. */
export function declaredMetrics({ metrics, evaluations }: Pick<Built, 'metrics' | 'evaluations'>) {
  const declared = new Map<string, KnownMetric>();
  const own = [...evaluations.values()].flatMap((evaluation) => evaluation.metrics ?? []);
  for (const metric of [...metrics, ...own]) {
    if (!declared.has(metric.name)) declared.set(metric.name, describeMetric(metric));
  }
  return [...declared.values()];
}

/** Roles that the main network is given, in its order. */
export function rolesGiven({ networks, main }: Pick<Blueprint, 'networks' | 'main'>): string[] {
  const inputs = Object.values(networks.get(main)?.inputs ?? {});
  return inputs.filter((input) => typeof input === 'string');
}
