import { formatCount, formatDuration } from '../../core/services/format.js';
import { chartsOfRun } from './charts.js';
import { commandOf } from './command.js';
import { testExamplesOf } from './examples.js';
import { methodsOf } from './methods.js';
import { DeclaredMetrics, hasBatch } from './metrics.js';
import type { Facts, RunModel } from './model.js';
import type { RunData } from './run-data.js';
import { samplesOf, type Addressing } from './samples.js';
import { finalsOf, logProblem, type Final } from './finals.js';
import { describeChange } from '../../core/run/changes.js';
import { statusOf, type Moment } from './status.js';

/**
 * Everything that the page of one run shows.
 * @param addressing how it comes to the run's pictures and sounds
 * @throws NcnError where the run cannot be read
 */
export async function runModel(
  data: RunData,
  addressing: Addressing,
  now: number,
  earlier?: Moment,
): Promise<RunModel> {
  const { manifest, series, testExamples, config, source } = data;
  const metrics = new DeclaredMetrics([{ run: source.id, metrics: manifest.metrics }]);
  const problems = [...data.problems];
  const contradiction = logProblem(data);
  if (contradiction !== undefined) problems.push(contradiction);
  const told = problems.length;
  const samples = await samplesOf(
    source,
    addressing,
    undefined,
    (what) => problems.push(what),
    // The newest of a run that goes on may be on its way.
    (evaluation) => series.updatesOf(evaluation).slice(0, data.held ? -1 : undefined),
  );
  if (samples === undefined && problems.length === told) {
    const why =
      manifest.plugins['samples'] === undefined
        ? "it ran without the plugin 'samples'"
        : 'there has been no evaluation yet, or no medium fits its signals';
    problems.push(`This run kept no examples of its evaluations: ${why}.`);
  }
  const methods =
    testExamples === undefined ? undefined : methodsOf(testExamples, manifest.metrics);
  return {
    kind: 'run',
    id: source.id,
    title: manifest.preset,
    summary: `${manifest.profile} profile, seed ${manifest.seed}${manifest.variant === null ? '' : `, variant ${manifest.variant}`}`,
    ...(manifest.dataset.notice === null ? {} : { notice: manifest.dataset.notice }),
    status: statusOf(data, now, earlier),
    headline: headline(data),
    results: [...finalsOf(data)].reverse().map(([evaluation, of]) => ({
      evaluation,
      ...lastRows(of, metrics),
    })),
    ...(methods === undefined ? {} : { methods }),
    charts: chartsOfRun(series, metrics),
    ...(samples === undefined ? {} : { samples }),
    ...(testExamples === undefined ? {} : { testExamples: testExamplesOf(testExamples, metrics) }),
    configuration: (config?.values ?? []).map(({ path, value, type, origin, description }) => ({
      path,
      value: JSON.stringify(value),
      type,
      origin,
      description,
    })),
    environment: environment(data),
    command: commandOf(manifest.commandLine),
    problems,
  };
}

function headline({ manifest, totalUpdates, summary, source, config }: RunData): Facts {
  const seconds = summary?.time?.secondsOfThisProcess;
  const stopped = summary?.results['stopped'];
  return [
    ['Run', source.id],
    ['Started', manifest.created.replace('T', ' ').replace(/\.\d+Z$/, ' UTC')],
    ['Updates', formatCount(totalUpdates)],
    [
      'Data set',
      `${manifest.dataset.name}, ${formatCount(manifest.dataset.trainExamples)} + ${formatCount(manifest.dataset.testExamples)} examples`,
    ],
    ['Engine', `${manifest.engine.name}, ${manifest.engine.device}`],
    ...(config?.changes ?? []).map(
      (change) => [`Changed after update ${change.update}`, describeChange(change)] as const,
    ),
    ...(typeof stopped === 'string' ? [['Stopped early', stopped] as const] : []),
    ...(seconds === undefined
      ? []
      : [['Time of the last process', formatDuration(seconds)] as const]),
  ];
}

/** The newest value of each metric. */
function lastRows(
  { update, values }: Final,
  metrics: DeclaredMetrics,
): Omit<RunModel['results'][number], 'evaluation'> {
  const rows = metrics.sorted(values.keys()).map((metric) => ({
    metric,
    moving: values.get(metric.name) ?? null,
    batch: values.get(`batch/${metric.name}`) ?? null,
  }));
  return { update, batch: hasBatch(values.keys()), rows };
}

function environment({ manifest }: RunData): Facts {
  const { dataset, engine, networks, plugins, phases } = manifest;
  return [
    ['ncn', manifest.ncn],
    ['Engine', `${engine.name} (${engine.version}), ${engine.device}`],
    ['Data set', `${dataset.name}, ${dataset.source}`],
    ['SHA-256 of the data', dataset.hash],
    ['Git commit of the folder', manifest.gitCommit ?? 'none'],
    ...Object.entries(manifest.environment).map(([name, value]) => [name, value] as const),
    ...Object.entries(networks).map(
      ([name, { weights, multiplyAdds }]) =>
        [
          `Network ${name}`,
          `${formatCount(weights)} weights, ${formatCount(multiplyAdds)} multiply-adds an example`,
        ] as const,
    ),
    ...phases.map(
      ({ name, updates }) => [`Phase ${name}`, `${formatCount(updates)} updates`] as const,
    ),
    [
      'Plugins',
      Object.entries(plugins)
        .map(([name, version]) => `${name} ${version}`)
        .join(', '),
    ],
  ];
}
