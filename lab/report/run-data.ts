import { notARun } from '../../core/errors/run.js';
import { messageOf } from '../../core/errors/error.js';
import { savedConfigSchema, type SavedConfig } from '../../core/experiment/saved.js';
import { statusSchema, type RunStatus } from '../../core/run/directory.js';
import { isHeld } from '../../core/run/lock.js';
import { manifestSchema, type Manifest } from '../../core/run/manifest.js';
import { summarySchema, type Summary } from '../../core/run/summary.js';
import {
  readTestExamples,
  testExamplesName,
  type TestExamples,
} from '../../core/evaluation/test-examples.js';
import { MetricsSeries } from './series.js';
import type { RunSource } from './source.js';

/**
 * A run as its folder tells it. What was read stays until the file changes, so that a run can be
 * followed by calling {@link refresh} again and again.
 */
export class RunData {
  readonly series: MetricsSeries;
  /** What could not be read, for people. */
  problems: readonly string[] = [];
  config: SavedConfig | undefined;
  summary: Summary | undefined;
  status: RunStatus | undefined;
  testExamples: TestExamples | undefined;
  /** Whether a process holds the run. */
  held = false;
  readonly #stamps = new Map<string, string>();
  #manifest: Manifest | undefined;

  private constructor(readonly source: RunSource) {
    this.series = new MetricsSeries(source);
  }

  /** @throws NcnError where it is not a run, or cannot be read */
  static async open(source: RunSource): Promise<RunData> {
    const data = new RunData(source);
    await data.refresh();
    return data;
  }

  get manifest(): Manifest {
    if (this.#manifest === undefined) throw withoutManifest(this.source);
    return this.#manifest;
  }

  /** Updates of all phases together. */
  get totalUpdates(): number {
    return this.manifest.phases.reduce((sum, { updates }) => sum + updates, 0);
  }

  /**
   * Reads what changed since the last time. A damaged file is told in `problems`; without a
   * manifest it is no run.
   * @throws NcnError
   */
  async refresh(): Promise<void> {
    const problems: string[] = [];
    const tolerant = async (name: string, read: () => Promise<void>): Promise<void> => {
      const stamp = await this.source.stamp(name);
      if (this.#stamps.get(name) === stamp) return;
      try {
        await read();
        this.#stamps.set(name, stamp);
      } catch (error) {
        problems.push(messageOf(error));
      }
    };
    const { source } = this;
    const stamp = await source.stamp('manifest.json');
    if (this.#stamps.get('manifest.json') !== stamp) {
      const manifest = await source.json('manifest.json', manifestSchema);
      if (manifest === undefined) throw withoutManifest(source);
      this.#manifest = manifest;
      this.#stamps.set('manifest.json', stamp);
    }
    await tolerant('config.json', async () => {
      this.config = await source.json('config.json', savedConfigSchema);
    });
    await tolerant('status.json', async () => {
      this.status = await source.json('status.json', statusSchema);
    });
    await tolerant('summary.json', async () => {
      this.summary = await source.json('summary.json', summarySchema);
    });
    await tolerant('metrics.jsonl', async () => this.series.read());
    await tolerant(testExamplesName, async () => {
      const path = await source.locate(testExamplesName);
      this.testExamples = path === undefined ? undefined : await readTestExamples(path);
    });
    this.held = this.status?.state === 'running' && (await isHeld(source.path));
    this.problems = [...problems, ...this.series.problems];
  }
}

const withoutManifest = ({ path }: RunSource) => notARun(path, 'it has no manifest.json', []);
