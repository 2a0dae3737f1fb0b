import { datasetDuplicate, datasetFailed, datasetName, datasetUnknown } from '../errors/data.js';
import { NcnError } from '../errors/error.js';
import { generateGlyphs, glyphsProvider } from '../../media/image/data/glyphs.js';
import { idxProvider } from '../../media/image/data/idx-folder.js';
import { checkDataset } from '../../media/image/data/images.js';
import { mnistProvider, obtainMnist } from '../../media/image/data/mnist.js';
import { dataContext, type DataContext } from '../../media/files/places.js';
import type { Dataset, DatasetProvider, DatasetRequest } from './types.js';

/** With `auto`, nobody asked for a download in so many words: it must not make them wait long. */
const AUTO_PATIENCE = 5_000;

/**
 * Data sets of ncn's own that were loaded, for whoever needs them again and again, by request.
 * Those of plugins are not kept: they may depend on options.
 */
export type LoadedDatasets = Map<string, Promise<Dataset>>;

/** The data sets that can be named, those of plugins included. */
export class DatasetRegistry {
  private readonly known = new Map<string, DatasetProvider>();
  private readonly own: ReadonlySet<string>;

  constructor(
    private readonly context: DataContext = dataContext(),
    private readonly loaded?: LoadedDatasets,
  ) {
    this.register(mnistProvider(context));
    this.register(glyphsProvider);
    this.register(idxProvider);
    this.own = new Set(this.names);
  }

  /**
   * Adds a data set. Its name may be followed by `:ARGUMENT` in a request, which its provider
   * finds in the request's name.
   *
   * @throws NcnError (`NCN_DATA_DUPLICATE`, `NCN_DATA_NAME`).
   */
  register(provider: DatasetProvider): void {
    const { name } = provider;
    if (name === 'auto' || !/^[a-z][\w.-]*$/i.test(name)) throw datasetName(name);
    if (this.known.has(name)) throw datasetDuplicate(name);
    this.known.set(name, provider);
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
   * Loads a data set. `auto` is MNIST where it is found or can be downloaded (not with
   * NCN_OFFLINE=1), else glyphs, with a notice. Files that are there and are not MNIST's are
   * an error, and so is a folder of the request without MNIST: nothing is replaced in silence.
   *
   * @throws NcnError: `NCN_DATA_UNKNOWN`, or what kept the data set from being loaded.
   */
  async load(request: DatasetRequest): Promise<Dataset> {
    const [base = ''] = request.name.split(':', 1);
    const { loaded } = this;
    if (loaded === undefined || !this.own.has(base)) return this.loadAfresh(request, base);
    const key = JSON.stringify([request.name, request.dir]);
    const loading = loaded.get(key) ?? this.loadAfresh(request, base);
    loaded.set(key, loading);
    return loading;
  }

  private async loadAfresh(request: DatasetRequest, base: string): Promise<Dataset> {
    if (base === 'auto') return this.loadAuto(request);
    const provider = this.known.get(base);
    if (provider === undefined) throw datasetUnknown(request.name, this.names);
    try {
      return checkDataset(base, await provider.load(request));
    } catch (error) {
      throw error instanceof NcnError ? error : datasetFailed(request.name, error);
    }
  }

  private async loadAuto(request: DatasetRequest): Promise<Dataset> {
    const outcome = await obtainMnist(request, this.context, AUTO_PATIENCE);
    if ('dataset' in outcome) return outcome.dataset;
    request.report?.(`MNIST was not available (${outcome.unavailable}).`);
    // Short: every table and picture made from this data carries it.
    const notice = 'Trained on the embedded glyphs data set: MNIST was not available.';
    return { ...(await generateGlyphs()), notice };
  }
}
