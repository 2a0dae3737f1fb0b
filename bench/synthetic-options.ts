import type { Metric } from '../core/evaluation/metric.js';

export interface SyntheticRun {
  readonly updates: number;
  /** Updates between lines of metrics.jsonl, and between evaluations. */
  readonly metricsEvery: number;
  readonly evaluationEvery: number;
  readonly testExamples: number;
  readonly seed?: number;
  /** Images by default; sounds have a player. */
  readonly signals?: 'images' | 'sounds';
  /** Default: those of images. */
  readonly metrics?: readonly Metric[];
  /** Whether everything is there with batch statistics too; default true. */
  readonly batch?: boolean;
}

/** With every default filled in. */
export type SyntheticOptions = Required<SyntheticRun>;

/** Hash of the data set that the runs claim to have seen. */
export const dataset = 'synthetic'.padEnd(64, '0');
