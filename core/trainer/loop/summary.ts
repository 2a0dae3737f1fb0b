import type { EngineSession } from '../../engine/types.js';
import type { RunDirectory } from '../../run/directory.js';
import type { JsonValue } from '../../run/json.js';
import { sealedSummary } from '../../run/summary.js';
import type { Prepared } from '../build/prepare.js';
import type { Outcome } from './trainer.js';

/** Writes `summary.json`: what came out. Times stand apart, since they differ from run to run. */
export async function summarize(
  { experiment, dataset }: Prepared,
  session: EngineSession,
  directory: RunDirectory,
  outcome: Extract<Outcome, { kind: 'finished' }>,
  seconds: number,
): Promise<void> {
  const results: JsonValue = Object.fromEntries(
    [...outcome.summary]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, value]) => [
        name,
        typeof value === 'number' && !Number.isFinite(value) ? String(value) : value,
      ]),
  );
  const summary = {
    preset: experiment.preset.name,
    profile: experiment.profile,
    variant: experiment.variant,
    seed: experiment.core.seed,
    engine: session.engine.name,
    dataset: dataset.name,
    notice: dataset.notice ?? null,
    results,
    time: { secondsOfThisProcess: Math.round(seconds * 10) / 10 },
  };
  await directory.writeJson('summary.json', sealedSummary(summary));
}
