import { formatCount } from 'ncn';
import { inOneLine } from 'ncn/lab';
import type { Results, ResultRun } from './data.js';

/** Different values, joined; numbers with thousands separators. */
function joined(values: readonly (string | number | null | undefined)[]): string {
  const texts = values.flatMap((value) =>
    value === null || value === undefined
      ? []
      : [typeof value === 'number' && value >= 1000 ? formatCount(value) : String(value)],
  );
  return [...new Set(texts)].join(' / ');
}

/** `1,200` or, with pre-training, `1,200 + 1,200`. */
export function updatesOf(run: ResultRun): string {
  return (run.conditions?.phases ?? []).map(({ updates }) => formatCount(updates)).join(' + ');
}

/**
 * One line that says under which conditions the numbers of a table came about: profile, width,
 * batch, updates, seeds, data, engine. Where runs differ, all values are given.
 */
export function describeConditions(results: Results): string {
  const done = results.runs.filter(({ state }) => state === 'done');
  const of = (pick: (c: NonNullable<ResultRun['conditions']>) => string | number | null): string =>
    joined(done.map(({ conditions }) => (conditions === null ? null : pick(conditions))));
  if (done.length === 0) return `Profile ${results.profile}; no run is done yet.`;
  const seeds = joined([...new Set(done.map(({ seed }) => seed))].sort((a, b) => a - b));
  // Plain experiments alone have none.
  const judges = of((c) => c.discriminatorWidth);
  return [
    `Profile ${results.profile}`,
    `generator width ${of((c) => c.generatorWidth)} (${of((c) => c.generatorWeights)} weights)`,
    ...(judges === ''
      ? []
      : [`discriminator width × ${judges} (${of((c) => c.discriminatorWeights)} weights)`]),
    `batch ${of((c) => c.batch)}`,
    `updates ${joined(done.map(updatesOf))}`,
    `seeds ${seeds}`,
    `${of((c) => c.dataset)} (SHA-256 ${of((c) => c.datasetHash.slice(0, 12))}), ${of((c) => c.trainImages)} training images, tested on ${of((c) => c.testImages)}`,
    `engine ${of((c) => c.engine)}`,
  ].join('; ');
}

/** What the tables tell of each run. */
const told = ['content', 'psnr', 'ssim', 'collapseRate'].flatMap((name) => [name, `batch/${name}`]);

/**
 * What is missing, a line for each experiment; empty when everything is done. Of a run that is done, that are
 * numbers that others have: it has none, or no finite one.
 */
export function describeMissing(results: Results, experiments: readonly string[]): string[] {
  const numbers = told.filter((name) =>
    results.runs.some(({ test }) => test?.[name] !== undefined),
  );
  return experiments.flatMap((preset) => {
    const runs = results.runs.filter((run) => run.preset === preset);
    const parts = results.seeds.flatMap((seed) => {
      const run = runs.find((r) => r.seed === seed);
      if (run === undefined) return [`seed ${seed} not in the sweep`];
      if (run.state === 'done') {
        const lacks = numbers.filter((name) => run.test?.[name] === undefined);
        return lacks.length === 0 ? [] : [`seed ${seed} without ${lacks.join(', ')}`];
      }
      const why = run.reason === null ? '' : ` (${inOneLine(run.reason)})`;
      return [`seed ${seed} ${run.state}${why}`];
    });
    return parts.length === 0 ? [] : [`${preset}: ${parts.join(', ')}`];
  });
}
