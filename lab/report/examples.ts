import type { KeptExample } from '../../core/evaluation/highest.js';
import type { KnownMetric } from '../../core/evaluation/metric.js';
import type { TestExamples } from '../../core/evaluation/test-examples.js';
import { labelOf } from '../../media/figures/shown.js';
import { drawKept } from './drawing.js';
import { rounded } from './lines.js';
import { hasBatch, modes, type DeclaredMetrics } from './metrics.js';
import type { ExampleGroupModel, ExampleModel, MetricModel, TestExamplesModel } from './model.js';
import { outputLabel } from './samples.js';

/** Numbers told of each example. */
const told = 3;

/** Pictures take long to draw; a run that is followed keeps its examples. */
const made = new WeakMap<TestExamples, TestExamplesModel>();

/**
 * The worst and the best test examples of a run, and those that its metrics ask for.
 * @param metrics the same for the same examples
 */
export function testExamplesOf(
  examples: TestExamples,
  metrics: DeclaredMetrics,
): TestExamplesModel {
  const known = made.get(examples) ?? describe(examples, metrics);
  made.set(examples, known);
  return known;
}

/** Sorts of examples that a file may hold. */
interface Group extends Pick<ExampleGroupModel, 'name' | 'label' | 'explanation'> {
  readonly metric: KnownMetric | undefined;
  /** Examples with a higher value of the metric are of the group. */
  readonly above: number | undefined;
}

function describe(examples: TestExamples, metrics: DeclaredMetrics): TestExamplesModel {
  const { about, values, indexes, examples: kept } = examples;
  const pictures = new Map<string, number>();
  const groups = modes.flatMap(([mode, prefix]) =>
    groupsOf(kept.keys(), metrics).flatMap((group): ExampleGroupModel[] => {
      const here = kept.get(prefix + group.name);
      if (here === undefined) return [];
      const { name, label, explanation, metric, above } = group;
      const shown = metricsOf(group, metrics);
      const scores = metric === undefined ? undefined : values.get(prefix + metric.name);
      return [
        {
          ...{ name, label, explanation, mode, metrics: shown },
          count: above === undefined ? null : (scores?.filter((v) => v > above).length ?? null),
          examples: here.map((example) => modelOf(example, examples, prefix, shown, pictures)),
        },
      ];
    }),
  );
  const [first] = [...indexes.values(), ...values.values()];
  return {
    update: about.update,
    count: first?.length ?? 0,
    batch: hasBatch(kept.keys()),
    groups,
    pictures: [...pictures.keys()],
  };
}

/** Those that the file holds, in the order in which people look for them. */
function groupsOf(names: Iterable<string>, metrics: DeclaredMetrics): Group[] {
  const { primary, all } = metrics;
  const byPrimary = primary === undefined ? '' : ` by ${primary.label}`;
  const extreme = (name: string, label: string): Group => ({
    name,
    label,
    explanation: `The ${name} of the test examples${byPrimary}, the ${name} first.`,
    metric: primary,
    above: undefined,
  });
  const known = [
    extreme('worst', 'Worst'),
    extreme('best', 'Best'),
    ...all.flatMap((metric): Group[] => {
      const { group } = metric;
      return group === null ? [] : [{ ...group, metric }];
    }),
  ];
  const others = [...names]
    .filter((name) => !hasBatch([name]))
    .map((name) => ({ name, label: name, explanation: '', metric: undefined, above: undefined }));
  const groups = new Map<string, Group>();
  for (const group of [...known, ...others]) {
    if (!groups.has(group.name)) groups.set(group.name, group);
  }
  return [...groups.values()];
}

/** What is told of an example: by what it is in the group, then what there is room for. */
function metricsOf({ metric }: Group, metrics: DeclaredMetrics): MetricModel[] {
  const names = [
    ...(metric === undefined ? [] : [metric.name]),
    ...(metrics.primary === undefined ? [] : [metrics.primary.name]),
    ...metrics.all.flatMap(({ name, headline }) => (headline ? [name] : [])),
  ];
  return [...new Set(names)].slice(0, told).map((name) => metrics.of(name));
}

function modelOf(
  { position, signals }: KeptExample,
  { indexes, values }: TestExamples,
  prefix: string,
  metrics: readonly MetricModel[],
  pictures: Map<string, number>,
): ExampleModel {
  return {
    indexes: [...indexes].map(([sequence, list]) => [sequence, list[position] ?? NaN]),
    values: metrics.map(({ name }) => {
      // What says nothing of the network is measured once, for both kinds of statistics.
      const value = (values.get(prefix + name) ?? values.get(name))?.[position] ?? NaN;
      return Number.isFinite(value) ? rounded(value) : null;
    }),
    pictures: rolesInOrder(signals.keys()).flatMap((role) => {
      const signal = signals.get(role);
      const png = signal === undefined ? undefined : drawKept(signal);
      if (png === undefined) return [];
      const src = `data:image/png;base64,${png.toString('base64')}`;
      const picture = pictures.get(src) ?? pictures.size;
      pictures.set(src, picture);
      return [{ label: role === 'output' ? outputLabel : labelOf(role), picture }];
    }),
  };
}

/** A reference first, the target before the output, which is last. */
function rolesInOrder(roles: Iterable<string>): string[] {
  const places = new Map([
    ['reference', 0],
    ['target', 2],
    ['output', 3],
  ]);
  const rank = (role: string): number => places.get(role) ?? 1;
  return [...roles].sort((a, b) => rank(a) - rank(b));
}
