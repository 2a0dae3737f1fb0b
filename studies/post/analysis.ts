import type { Measurement, Verdict } from 'ncn/lab';
import { claims, together, type Claim } from './claims.js';
import { metricOf, type Mode, type ResultRun, type Results } from './data.js';
import { postExperiments, postVerdicts } from './experiments.js';

export interface ExperimentRow {
  readonly preset: string;
  readonly post: string;
  readonly runs: readonly ResultRun[];
  /** Of a metric, one for each seed that is done. */
  readonly metric: (name: string, mode: Mode) => number[];
}

export interface JudgedPart {
  readonly effect: string;
  readonly criterion: string;
  readonly unit: 'ratio' | 'difference' | 'level';
  readonly moving: Measurement;
  readonly batch: Measurement;
}

export interface JudgedClaim {
  readonly id: string;
  readonly text: string;
  readonly parts: readonly JudgedPart[];
  readonly moving: Verdict;
  readonly batch: Verdict;
  /** What was expected of the `standard` profile before any of its runs. */
  readonly predicted: Verdict;
  /** Experiments that it needs and that lack a finished run. */
  readonly missing: readonly string[];
}

/** Everything that a report says, from the raw numbers alone. */
export interface Analysis {
  readonly results: Results;
  readonly rows: readonly ExperimentRow[];
  readonly claims: readonly JudgedClaim[];
}

export function analyse(results: Results): Analysis {
  const named = new Set([...postExperiments, ...results.runs.map(({ preset }) => preset)]);
  const rows = [...named].map((preset): ExperimentRow => {
    const runs = results.runs.filter((run) => run.preset === preset);
    return {
      preset,
      post: postVerdicts[preset] ?? '',
      runs,
      metric: (name, mode) => runs.flatMap(({ test }) => metricOf(test, name, mode) ?? []),
    };
  });
  return { results, rows, claims: claims.map((claim) => judge(claim, results)) };
}

function judge({ id, text, parts, predicted }: Claim, results: Results): JudgedClaim {
  const judged = parts.map(({ effect, criterion, unit, measure }): JudgedPart => ({
    effect,
    criterion,
    unit,
    moving: measure(results, 'moving'),
    batch: measure(results, 'batch'),
  }));
  const lacks = (preset: string): boolean =>
    results.seeds.some(
      (seed) =>
        !results.runs.some(
          (run) => run.preset === preset && run.seed === seed && run.state === 'done',
        ),
    );
  return {
    id,
    text,
    predicted,
    parts: judged,
    moving: together(judged.map(({ moving }) => moving.verdict)),
    batch: together(judged.map(({ batch }) => batch.verdict)),
    missing: [...new Set(parts.flatMap(({ presets }) => presets))].filter(lacks),
  };
}
