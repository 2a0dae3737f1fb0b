import {
  datasetDuplicate,
  datasetFailed,
  datasetName,
  datasetUnknown,
  noDataset,
  severalDatasets,
} from '../errors/data.js';
import { NcnError } from '../errors/error.js';
import { checkDataset } from './examples.js';
import type { Dataset, DatasetProvider, DatasetRequest } from './types.js';

/**
 * Data sets that were loaded, for whoever prepares many experiments, by request and provider.
 * Those that depend on a plugin's options say so by another name.
 */
export type LoadedDatasets = Map<string, Promise<Dataset>>;

/** The data sets that can be named: those that plugins offer. */
export class DatasetRegistry {
  private readonly known = new Map<string, DatasetProvider>();
  private chosen: string | undefined;

  constructor(private readonly loaded?: LoadedDatasets) {}

  /**
   * Adds a data set. Its name may be followed by `:ARGUMENT` in a request, which its provider
   * finds in the request's name.
   * @param byDefault whether `auto` means it
   * @throws NcnError `NCN_DATA_DUPLICATE`, `NCN_DATA_NAME`
   */
  register(provider: DatasetProvider, byDefault = false): void {
    const { name } = provider;
    if (name === 'auto' || !/^[a-z][\w.-]*$/i.test(name)) throw datasetName(name);
    if (this.known.has(name)) throw datasetDuplicate(name);
    this.known.set(name, provider);
    if (byDefault) this.chosen ??= name;
  }

  /** In the order in which they were registered. */
  get providers(): readonly DatasetProvider[] {
    return [...this.known.values()];
  }

  /** What a request may name: `auto` and every provider. */
  get names(): readonly string[] {
    return ['auto', ...this.known.keys()];
  }

  /**
   * Loads a data set; `auto` is the one that a plugin offers by default, or the only one.
   * @throws NcnError `NCN_DATA_UNKNOWN`, or what kept the data set from being loaded
   */
  async load(request: DatasetRequest): Promise<Dataset> {
    const provider = this.find(request);
    const { loaded } = this;
    if (loaded === undefined) return load(provider, request);
    const key = JSON.stringify([provider.name, provider.summary, request.name, request.dir]);
    const loading = loaded.get(key) ?? load(provider, request);
    loaded.set(key, loading);
    return loading;
  }

  /** What `load` would give, where the provider can tell; undefined where it must be loaded. */
  outline(request: DatasetRequest): Dataset | undefined {
    return this.find(request).outline?.(request);
  }

  private find(request: DatasetRequest): DatasetProvider {
    const [base = ''] = request.name.split(':', 1);
    const provider = this.known.get(base === 'auto' ? this.byDefault() : base);
    if (provider === undefined) throw datasetUnknown(request.name, this.names);
    return provider;
  }

  private byDefault(): string {
    if (this.chosen !== undefined) return this.chosen;
    const [only, second] = this.known.keys();
    if (only === undefined) throw noDataset();
    if (second !== undefined) throw severalDatasets([...this.known.keys()]);
    return only;
  }
}

async function load(provider: DatasetProvider, request: DatasetRequest): Promise<Dataset> {
  try {
    return checkDataset(provider.name, await provider.load(request));
  } catch (error) {
    throw error instanceof NcnError ? error : datasetFailed(request.name, error);
  }
}
