import '../../tf.js';
import type { LoadedDatasets } from '../../data/registry.js';
import type { Dataset, DatasetRequest } from '../../data/types.js';
import type { ByteCache, EngineSession } from '../../engine/types.js';
import { badValue } from '../../errors/config.js';
import { pluginThrew } from '../../errors/plugin.js';
import type { ResolvedExperiment } from '../../experiment/resolve.js';
import { Lifecycle } from '../../hooks/lifecycle.js';
import type { Sampler } from '../../hooks/payloads.js';
import { hooksFor, type Persistence } from '../../plugins/plugin.js';
import { RandomStreams } from '../../random/streams.js';
import { DatasetToken, MediaToken, RandomToken } from '../../services/core-tokens.js';
import type { RunLog } from '../../services/log.js';
import { processServices } from '../../services/process.js';
import { Services } from '../../services/services.js';
import type { Terminal } from '../../services/terminal.js';
import { build, type Built } from './build.js';
import { collectDatasets, takeDataset } from './datasets.js';
import { Contributions } from '../../attribution/contributions.js';
import { checkedPersistence } from './persistence.js';
import { checkedSampler, shuffledEpochs } from './sampling.js';

export interface Host {
  readonly terminal: Terminal;
  readonly log: RunLog;
  /** Those of the process; where left out, the terminal and the log make them. */
  readonly services?: Services;
  /** Speeds of engines that need not be measured again; where left out, each plan measures. */
  readonly speeds?: { of(session: EngineSession, channels: number): Promise<number> };
  /** For what an engine makes of programs; where left out, it makes it anew each time. */
  readonly cache?: ByteCache;
  /** Data sets to use again, where many experiments are prepared. */
  readonly datasets?: LoadedDatasets;
  /** Is told about each tap that ran. */
  readonly trace?: (hook: string, plugin: string, milliseconds: number) => void;
}

/** An experiment with its plugins set up and its training steps built; nothing is written yet. */
export interface Prepared {
  readonly experiment: ResolvedExperiment;
  readonly lifecycle: Lifecycle;
  readonly services: Services;
  readonly random: RandomStreams;
  readonly dataset: Dataset;
  readonly sampler: Sampler;
  readonly built: Built;
  /** Lines that plugins want the user to read at the start. */
  readonly notes: readonly string[];
  readonly persistences: ReadonlyMap<string, Persistence<unknown>>;
}

/** Sets up the plugins and orders their taps. @throws NcnError naming the plugin that failed */
export function setUp(
  experiment: ResolvedExperiment,
  host: Host,
): Pick<Prepared, 'lifecycle' | 'services' | 'random' | 'persistences'> {
  const lifecycle = new Lifecycle();
  lifecycle.settings.timeoutSeconds = experiment.core.hookTimeout;
  if (host.trace !== undefined) lifecycle.settings.trace = host.trace;
  const services = new Services(host.services ?? processServices(host));
  const random = new RandomStreams(experiment.core.seed);
  services.provide(RandomToken, random);
  const persistences = new Map<string, Persistence<unknown>>();
  for (const { loaded, options } of experiment.plugins) {
    const { name } = loaded.plugin;
    try {
      loaded.plugin.start(options, {
        hooks: hooksFor(name, lifecycle),
        services,
        log: host.log.logger.child({ plugin: name }),
        persist: (persistence) => persistences.set(name, checkedPersistence(name, persistence)),
      });
    } catch (error) {
      throw pluginThrew(name, 'setup', error);
    }
  }
  lifecycle.seal(new Set(experiment.plugins.map(({ loaded }) => loaded.plugin.name)));
  return { lifecycle, services, random, persistences };
}

/** Fires the hook `configuration`. @param onRead is told which values plugins look at */
export async function configure(
  experiment: ResolvedExperiment,
  lifecycle: Lifecycle,
  notes: string[],
  onRead: (path: string) => void = () => undefined,
): Promise<void> {
  const values = new Map(experiment.values.map((value) => [value.path, value]));
  await lifecycle.configuration.call({
    value: (path) => {
      onRead(path);
      return values.get(path)?.value;
    },
    origin: (path) => values.get(path)?.origin,
    reject: (path, reason) => {
      const { value, origin } = values.get(path) ?? { value: null, origin: 'default' };
      throw badValue(path, origin, value, reason);
    },
    note: (text) => notes.push(text),
  });
}

/**
 * Fires the build hooks. Loads the data; writes nothing.
 * @param outline whether a data set is enough that has the shapes alone, where one can be had
 * @param whileLoading is called when the values are accepted and the data are being loaded; what it
 * returns is awaited before anything is built, as tf.js can be used by one at a time
 * @throws NcnError naming what is wrong, and the plugin where it is one's
 */
export async function prepare(
  experiment: ResolvedExperiment,
  host: Host,
  outline = false,
  whileLoading: () => Promise<void> = () => Promise.resolve(),
): Promise<Prepared> {
  const basis = setUp(experiment, host);
  const { lifecycle, services, random } = basis;
  const notes: string[] = [];
  await configure(experiment, lifecycle, notes);
  await lifecycle.services.call({ services });
  const contributions = new Contributions(lifecycle);
  const registry = await collectDatasets(lifecycle, contributions, host.datasets);
  const { dataset: name, data } = experiment.core;
  const request: DatasetRequest = {
    name,
    ...(data === null ? {} : { dir: data }),
    report: (message) => host.log.logger.info(message),
  };
  const loading = (outline ? registry.outline(request) : undefined) ?? registry.load(request);
  const meanwhile = whileLoading();
  let dataset = await loading;
  await meanwhile;
  let sampler: Sampler | undefined;
  await lifecycle.dataset.call({
    get dataset() {
      return dataset;
    },
    replace: (other) => (dataset = takeDataset(contributions, dataset.name, other)),
    sample: (chosen) => {
      // Whoever replaces the data set may do so later.
      const checked = checkedSampler(chosen, () => dataset.train.count);
      sampler = contributions.takeFunction('sampler', 'training batches', checked);
    },
  });
  services.provide(DatasetToken, dataset);
  const built = await build(lifecycle, dataset, experiment.core.updates, contributions);
  sampler ??= shuffledEpochs(random, dataset.train.count);
  services.provide(MediaToken, built.media);
  return { experiment, ...basis, dataset, sampler, built, notes };
}
