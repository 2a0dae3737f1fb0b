import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SyntheticRun } from '../../../bench/synthetic-options.js';
import { writeSyntheticRun } from '../../../bench/synthetic-run.js';
import { RunData } from '../../../lab/report/run-data.js';
import { RunSource } from '../../../lab/report/source.js';

/** A made-up finished run of 40 updates in a folder of its own. */
export async function synthetic(more: Partial<SyntheticRun> = {}): Promise<RunData> {
  const path = join(await mkdtemp(join(tmpdir(), 'ncn-report-')), `run-${more.seed ?? 1}`);
  const about = { updates: 40, metricsEvery: 10, evaluationEvery: 20, testExamples: 30, ...more };
  await writeSyntheticRun(path, about);
  return RunData.open(new RunSource(path, 'run'));
}
