import type { ExampleKinds, KnownMetric } from '../../core/evaluation/metric.js';
import type { TestExamples } from '../../core/evaluation/test-examples.js';
import { formatCount } from '../../core/services/format.js';
import { meanInterval } from '../stats/interval.js';
import { formatInterval } from './interval.js';
import { titleOf } from './metric-title.js';
import { DeclaredMetrics, hasBatch } from './metrics.js';
import type { IntervalModel, MethodRowModel, MethodsModel } from './model.js';

type Values = ArrayLike<number>;

/** A method with its value of each example, by metric. */
interface Method {
  readonly name: string;
  readonly network: boolean;
  readonly values: ReadonlyMap<string, Values>;
}

const network = 'the network';

/**
 * The network and what stands beside it, on all test examples and on each kind of them: means with the
 * interval over examples, and the network's lead example by example. Undefined where no metric of the
 * run is of another method.
 */
export function methodsOf(
  { values, about }: Pick<TestExamples, 'values' | 'about'>,
  declared: readonly KnownMetric[],
): MethodsModel | undefined {
  const metrics = new DeclaredMetrics([{ run: '', metrics: declared }]);
  const others = declared.filter(({ name, beside }) => beside !== null && values.has(name));
  const compared = new Set(others.flatMap(({ beside }) => beside?.metric ?? []));
  const columns = [...compared].filter((name) => values.has(name));
  if (columns.length === 0) return undefined;
  const own = (prefix: string): Method['values'] =>
    new Map(columns.map((name) => [name, values.get(prefix + name) ?? []]));
  const names = [...new Set(others.flatMap(({ beside }) => beside?.method ?? []))];
  const methods: Method[] = [
    { name: network, network: true, values: own('') },
    ...(hasBatch(values.keys())
      ? [{ name: `${network}, batch statistics`, network: true, values: own('batch/') }]
      : []),
    ...names.map((name) => ({
      name,
      network: false,
      values: new Map(
        others.flatMap((metric): [string, Values][] =>
          metric.beside?.method === name
            ? [[metric.beside.metric, values.get(metric.name) ?? []]]
            : [],
        ),
      ),
    })),
  ];
  const count = values.get(columns[0] ?? '')?.length ?? 0;
  const everything = { name: 'all examples', of: Array.from({ length: count }, (_, i) => i) };
  const kinds = declared.flatMap(({ name, kinds }) =>
    kinds === null ? [] : membersOf(kinds, values.get(name) ?? []),
  );
  return {
    update: about.update,
    metrics: columns.map((name) => metrics.of(name)),
    kinds: [everything, ...kinds]
      .filter(({ of }) => of.length > 0)
      .map(({ name, of }) => ({
        name,
        count: of.length,
        rows: methods.map((method) => rowOf(method, methods[0], columns, of)),
      })),
  };
}

/** Which examples are of which kind; those without a value are of none. */
function membersOf({ bounds, names }: ExampleKinds, values: Values) {
  return names.map((name, kind) => {
    const [from = -Infinity, to = Infinity] = [bounds[kind - 1], bounds[kind]];
    const of = Array.from(values).flatMap((value, i) => (value >= from && value < to ? [i] : []));
    return { name, of };
  });
}

function rowOf(
  { name, network: own, values }: Method,
  first: Method | undefined,
  columns: readonly string[],
  of: readonly number[],
): MethodRowModel {
  const at = (from: Values | undefined, i: number): number => from?.[i] ?? NaN;
  return {
    method: name,
    network: own,
    values: columns.map((metric) => intervalOf(of.map((i) => at(values.get(metric), i)))),
    leads: columns.map((metric) =>
      own
        ? null
        : intervalOf(of.map((i) => at(first?.values.get(metric), i) - at(values.get(metric), i))),
    ),
  };
}

/** Of the values that are there. */
function intervalOf(all: readonly number[]): IntervalModel | null {
  const values = all.filter((value) => Number.isFinite(value));
  if (values.length === 0) return null;
  const { n, mean, interval } = meanInterval(values);
  return { n, mean, interval };
}

/** Rows for the console: a kind, a method, and a column for each metric. */
export function methodRows({ metrics, kinds }: MethodsModel): { head: string[]; rows: string[][] } {
  const head = ['mean ± half of its 95 % interval', '', ...metrics.map(titleOf)];
  const rows = kinds.flatMap(({ name, count, rows: of }) =>
    of.map(({ method, values }, i) => [
      i === 0 ? `${name} (${formatCount(count)})` : '',
      method,
      ...values.map((value) => (value === null ? '' : formatInterval(value))),
    ]),
  );
  return { head, rows };
}
