import { formatCount, formatDuration } from '../../core/services/format.js';
import { chartsOfRun } from './charts.js';
import { commandOf } from './command.js';
import { testImagesOf } from './examples.js';
import { metricLabel, sortMetrics } from './labels.js';
import type { Facts, MetricRowModel, RunModel } from './model.js';
import type { RunData } from './run-data.js';
import { samplesOf, type ImageAddress } from './samples.js';
import type { Series } from './series.js';
import { statusOf, type Moment } from './status.js';

/**
 * Everything that the page of one run shows.
 * @param address makes the addresses of its pictures
 * @throws NcnError where the run cannot be read
 */
export async function runModel(
  data: RunData,
  address: ImageAddress,
  now: number,
  earlier?: Moment,
): Promise<RunModel> {
  const { manifest, series, testImages, config, source } = data;
  const samples = await samplesOf(source, address);
  const problems = [...data.problems];
  if (samples === undefined) {
    problems.push(
      "This run kept no images of its evaluations: its preset leaves out the plugin 'samples'.",
    );
  }
  return {
    kind: 'run',
    id: source.id,
    title: manifest.preset,
    summary: `${manifest.profile} profile, seed ${manifest.seed}${manifest.variant === null ? '' : `, variant ${manifest.variant}`}`,
    ...(manifest.dataset.notice === null ? {} : { notice: manifest.dataset.notice }),
    status: statusOf(data, now, earlier),
    headline: headline(data),
    results: [...series.evaluations].reverse().map(([evaluation, of]) => ({
      evaluation,
      ...lastRows(of),
    })),
    charts: chartsOfRun(series),
    ...(samples === undefined ? {} : { samples }),
    ...(testImages === undefined ? {} : { testImages: testImagesOf(testImages) }),
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

function headline({ manifest, totalUpdates, summary, source }: RunData): Facts {
  const seconds = summary?.time.secondsOfThisProcess;
  return [
    ['Run', source.id],
    ['Started', manifest.created.replace('T', ' ').replace(/\.\d+Z$/, ' UTC')],
    ['Updates', formatCount(totalUpdates)],
    [
      'Data set',
      `${manifest.dataset.name}, ${formatCount(manifest.dataset.trainImages)} + ${formatCount(manifest.dataset.testImages)} images`,
    ],
    ['Engine', `${manifest.engine.name}, ${manifest.engine.device}`],
    ...(seconds === undefined
      ? []
      : [['Time of the last process', formatDuration(seconds)] as const]),
  ];
}

/** The newest value of each metric. */
function lastRows(of: ReadonlyMap<string, Series>): { update: number; rows: MetricRowModel[] } {
  const last = (name: string): number | null => {
    const value = of.get(name)?.at(-1)?.[1];
    return value !== undefined && Number.isFinite(value) ? value : null;
  };
  const metrics = sortMetrics([...of.keys()].filter((name) => !name.includes('/')));
  const rows = metrics.map((metric) => ({
    metric,
    label: metricLabel(metric),
    moving: last(metric),
    batch: last(`batch/${metric}`),
  }));
  const update = Math.max(0, ...[...of.values()].map((line) => line.at(-1)?.[0] ?? 0));
  return { update, rows };
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
          `${formatCount(weights)} weights, ${formatCount(multiplyAdds)} multiply-adds an image`,
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
