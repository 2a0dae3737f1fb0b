import type { Contributions } from '../../attribution/contributions.js';
import { checkDataset } from '../../data/examples.js';
import { DatasetRegistry, type LoadedDatasets } from '../../data/registry.js';
import type { Dataset } from '../../data/types.js';
import type { Lifecycle } from '../../hooks/lifecycle.js';

type Part = <T extends object>(part: T) => T;

/** Fires the hook `datasets` and takes what plugins offer. */
export async function collectDatasets(
  lifecycle: Lifecycle,
  contributions: Contributions,
  loaded?: LoadedDatasets,
): Promise<DatasetRegistry> {
  const registry = new DatasetRegistry(loaded);
  await lifecycle.datasets.call({
    add: (provider, more) => {
      const { name } = provider;
      const part = contributions.partsOf('data set', name);
      const contributed = contributions.take('data set', name, provider);
      const load = contributed.load.bind(contributed);
      const named = {
        ...contributed,
        load: async (request: Parameters<typeof load>[0]) =>
          withParts(part, checkDataset(name, await load(request))),
      };
      registry.register(named, more?.default);
    },
  });
  return registry;
}

/** Takes the data set that a plugin puts in the place of another. @throws NcnError for a bad one */
export function takeDataset(contributions: Contributions, name: string, dataset: Dataset): Dataset {
  const checked = checkDataset(name, dataset);
  const part = contributions.partsOf('data set', checked.name);
  return withParts(part, contributions.take('data set', checked.name, checked));
}

/** Reads name the plugin whose examples they are, too. */
const withParts = (part: Part, dataset: Dataset): Dataset => ({
  ...dataset,
  train: part(dataset.train),
  test: part(dataset.test),
});
