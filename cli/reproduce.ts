import { join, resolve } from 'node:path';
import { ExitCode } from '../core/errors/error.js';
import {
  analyse,
  claimCells,
  claimHead,
  collectResults,
  describeMissing,
  experimentCells,
  experimentHead,
  postExperiments,
  reportFolder,
  writeReport,
} from '../studies/post/index.js';
import { runsRoot } from '../core/run/directory.js';
import { jsonOf } from '../core/run/json.js';
import { jobKey } from '../lab/sweep/job.js';
import { readLedger, type JobRecord } from '../lab/sweep/ledger.js';
import { expand } from '../lab/sweep/matrix.js';
import { planJobs, type PlannedJob } from '../lab/sweep/plan.js';
import { openContext } from './context.js';
import { dryRun, matrixOf, report, resourcesOf, start, type SweepOptions } from './sweep.js';
import { table } from './table.js';

export interface ReproduceOptions extends SweepOptions {
  readonly reportOnly?: boolean;
  readonly writeDocs?: string | boolean;
}

const testExamples = 'evaluation.testExamples';

/** `ncn reproduce`: the post as one sweep, and its report. */
export async function reproduceCommand(given: ReproduceOptions): Promise<ExitCode> {
  const options: ReproduceOptions = { seeds: '3', profile: 'quick', ...given };
  const context = await openContext(options);
  const profile = options.profile ?? 'quick';
  const directory = resolve(options.dir ?? join(runsRoot, `reproduce-${profile}`));
  const presets = options.presets ?? postExperiments.join(',');
  const matrix = matrixOf(options, presets);
  const asked = matrix.axes.some(({ path }) => path === testExamples);
  // On every test example, whatever the profile does to save time.
  const axes = asked ? matrix.axes : [...matrix.axes, { path: testExamples, values: [null] }];
  const wanted = expand({ ...matrix, axes }, context.library);
  const resources = resourcesOf(options);
  let jobs: PlannedJob[] = [];
  let exit: ExitCode = ExitCode.ok;
  if (options.reportOnly !== true) {
    jobs = await planJobs(wanted, options.data, context);
    if (options.dryRun === true) return dryRun(jobs, resources, directory, options, context);
    exit = report(await start(directory, jobs, resources, options, context), context);
  }
  const keys = new Set(wanted.map(({ request }) => jobKey(request)));
  const records: JobRecord[] = [...(await readLedger(directory)).values()].filter(({ job }) =>
    keys.has(jobKey(job.request)),
  );
  const results = await collectResults(directory, records, {
    command: commandOf(options),
    profile,
    seeds: [...matrix.seeds].sort((a, b) => a - b),
  });
  const { writeDocs = false } = options;
  const documents = writeDocs === true ? 'docs' : writeDocs;
  await writeReport(results, directory, records, documents === false ? undefined : documents);
  const folder = reportFolder(directory);
  const analysis = analyse(results);
  const columns = [0, 2, 4, 5, 6, 7, 8];
  const pick = (cells: readonly string[]): string[] => columns.map((i) => cells[i] ?? '');
  const missing = describeMissing(
    results,
    analysis.rows.map(({ preset }) => preset),
  );
  context.terminal.result(
    [
      table(pick(experimentHead), analysis.rows.map(experimentCells).map(pick)),
      '',
      table(
        claimHead.slice(0, 4),
        analysis.claims.map((claim) => claimCells(claim).slice(0, 4)),
      ),
      '',
      ...(missing.length === 0 ? [] : ['Missing:', ...missing.map((line) => `  ${line}`), '']),
      `report: ${join(folder, 'results.html')}, results.md and results.json beside it`,
      ...(documents === false ? [] : [`and in ${documents}: results.md, results.json, figures`]),
    ].join('\n'),
    jsonOf({ type: 'report', folder, missing, claims: analysis.claims }),
  );
  return exit;
}

/** The command that gives the same numbers; where they are kept and how fast does not matter. */
function commandOf(options: ReproduceOptions): string {
  const { profile, seeds, presets, variant, set, plugin, without, ...rest } = options;
  const named = [
    ['--profile', profile],
    ['--seeds', seeds],
    ['--presets', presets],
    ['--variant', variant],
    ['--updates', rest.updates],
    ['--batch', rest.batch],
    ['--dataset', rest.dataset?.startsWith('idx:') === true ? 'idx:DIR' : rest.dataset],
    ['--engine', rest.engine],
    ['--eval-every', rest.evalEvery],
    ['--checkpoint-every', rest.checkpointEvery],
  ] as const;
  const repeated = [
    ...(set ?? []).map((text) => ['--set', text] as const),
    ...(plugin ?? []).map((text) => ['--plugin', text] as const),
    ...(without ?? []).map((text) => ['--without', text] as const),
  ];
  return [
    'ncn reproduce',
    ...[...named, ...repeated].flatMap(([option, value]) =>
      value === undefined ? [] : [`${option} ${value}`],
    ),
  ].join(' ');
}
