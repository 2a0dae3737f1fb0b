import { DatasetRegistry, type LoadedDatasets } from '../data/registry.js';
import type { Dataset } from '../data/types.js';
import { badValue } from '../errors/config.js';
import { pluginThrew } from '../errors/plugin.js';
import type { Experiment } from '../experiment/resolve.js';
import { Lifecycle } from '../hooks/lifecycle.js';
import type { Sampler } from '../hooks/payloads.js';
import { hooksFor, type Persistence } from '../plugins/plugin.js';
import { RandomStreams } from '../random/streams.js';
import { DatasetToken, RandomToken } from '../services/core-tokens.js';
import type { RunLog } from '../services/log.js';
import { processServices } from '../services/process.js';
import { Services } from '../services/services.js';
import type { Terminal } from '../services/terminal.js';
import { build, type Built } from './blueprint.js';
import { Contributions } from './contributions.js';
import { shuffledEpochs } from './sampling.js';

export interface Host {
  readonly terminal: Terminal;
  readonly log: RunLog;
  /** Those of the process; where left out, the terminal and the log make them. */
  readonly services?: Services;
  /** Data sets to use again, where many experiments are prepared. */
  readonly datasets?: LoadedDatasets;
  /** Is told about each tap that ran. */
  readonly trace?: (hook: string, plugin: string, milliseconds: number) => void;
}

/** An experiment with its plugins set up and its training steps built; nothing is written yet. */
export interface Prepared {
  readonly experiment: Experiment;
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
  experiment: Experiment,
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
        persist: (persistence) => persistences.set(name, erase(persistence)),
      });
    } catch (error) {
      throw pluginThrew(name, 'setup', error);
    }
  }
  lifecycle.seal(new Set(experiment.plugins.map(({ loaded }) => loaded.plugin.name)));
  return { lifecycle, services, random, persistences };
}

/** Forgets the type of a plugin's state: what comes back is checked by its schema. */
function erase<S>({ schema, save, restore }: Persistence<S>): Persistence<unknown> {
  return { schema, save, restore: (state) => restore(schema.parse(state)) };
}

/** Fires the hook `configuration`. @param onRead is told which values plugins look at */
export async function configure(
  experiment: Experiment,
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
    reject: (path, reason) => {
      const { value, origin } = values.get(path) ?? { value: null, origin: 'default' };
      throw badValue(path, origin, value, reason);
    },
    note: (text) => notes.push(text),
  });
}

/** A data set that takes no time to load, of the size of MNIST: to look at an experiment. */
export function blankDataset(): Dataset {
  const blank = (count: number): Dataset['train'] => {
    const [height, width] = [28, 28];
    return { count, height, width, pixels: new Uint8Array(count * height * width) };
  };
  return { name: 'blank', train: blank(60_000), test: blank(10_000), hash: '', source: 'blank' };
}

/**
 * Fires the build hooks. Loads the data; writes nothing.
 * @param standIn replaces a data set that comes with ncn, where its images do not matter
 * @throws NcnError naming what is wrong, and the plugin where it is one's
 */
export async function prepare(
  experiment: Experiment,
  host: Host,
  standIn?: () => Dataset,
): Promise<Prepared> {
  const basis = setUp(experiment, host);
  const { lifecycle, services, random } = basis;
  const notes: string[] = [];
  await configure(experiment, lifecycle, notes);
  await lifecycle.services.call({ services });
  const contributions = new Contributions(lifecycle);
  const registry = new DatasetRegistry(undefined, host.datasets);
  await lifecycle.datasets.call({
    add: (provider) => registry.register(contributions.take('data set', provider.name, provider)),
  });
  const { dataset: name, data } = experiment.core;
  let dataset =
    standIn !== undefined && ['auto', 'mnist', 'glyphs'].includes(name)
      ? standIn()
      : await registry.load({
          name,
          ...(data === null ? {} : { dir: data }),
          report: (message) => host.log.logger.info(message),
        });
  let sampler: Sampler | undefined;
  await lifecycle.dataset.call({
    get dataset() {
      return dataset;
    },
    replace: (other) => (dataset = other),
    sample: (chosen) =>
      (sampler = contributions.takeFunction('sampler', 'training batches', chosen)),
  });
  services.provide(DatasetToken, dataset);
  const built = await build(lifecycle, dataset, experiment.core.updates, contributions);
  sampler ??= shuffledEpochs(random, dataset.train.count);
  return { experiment, ...basis, dataset, sampler, built, notes };
}
