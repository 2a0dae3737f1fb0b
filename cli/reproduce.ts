import { join, resolve } from 'node:path';
import { ExitCode } from '../core/errors/error.js';
import { importDefault, ModuleFolder } from '../core/modules/folder.js';
import { runsRoot } from '../core/run/directory.js';
import { jsonOf } from '../core/run/json.js';
import { isStudy, type Study } from '../lab/study.js';
import { jobKey } from '../lab/sweep/job.js';
import { readLedger } from '../lab/sweep/ledger.js';
import { expand } from '../lab/sweep/matrix.js';
import { survey } from '../lab/sweep/survey.js';
import { planJobs, type PlannedJob } from '../lab/sweep/plan.js';
import { openContext } from './context.js';
import {
  nothingToPlan,
  seedAndSeeds,
  studyOfValues,
  twoStudies,
  unknownStudy,
} from './errors/usage.js';
import { quoted } from './quote.js';
import { follow, launcherFor, submit } from './sweep-queue.js';
import { report, start } from './sweep.js';
import { dryRun } from './sweep-dry-run.js';
import { withData } from './sweep-data.js';
import { matrixOf, resourcesOf, withFile, type SweepOptions } from './sweep-matrix.js';
import { table } from './table.js';

export interface ReproduceOptions extends SweepOptions {
  readonly study?: string;
  readonly reportOnly?: boolean;
  readonly writeDocs?: string | boolean;
}

const defaultStudy = 'post';

/** `ncn reproduce [STUDY]`: the experiments of a study as one sweep, and its report. */
export async function reproduceCommand(
  given: ReproduceOptions,
  argument: string,
): Promise<ExitCode> {
  const named = given.study ?? argument;
  if (argument !== '' && argument !== named) throw twoStudies(argument, named);
  const name = named === '' ? defaultStudy : named;
  const study = await findStudy(name);
  const context = await openContext(given);
  const said = optionsOf(given, context.configFile?.profile);
  const { profile, seeds, presets } = said;
  const of = name === defaultStudy ? '' : `-${name}`;
  const directory = resolve(said.dir ?? join(runsRoot, `reproduce${of}-${profile}`));
  const options = await withData(said, directory);
  const matrix = matrixOf(options, presets ?? study.experiments.join(','), context);
  for (const { path, values } of matrix.axes) {
    if (values.length > 1) throw studyOfValues(path, values.length);
  }
  const asked = new Set([
    ...matrix.axes.map(({ path }) => path),
    ...(matrix.file?.set ?? []).map(([path]) => path),
  ]);
  const own = Object.entries(study.set).flatMap(([path, value]) =>
    asked.has(path) ? [] : [{ path, values: [value] }],
  );
  const experiments = { ...matrix, axes: [...matrix.axes, ...own] };
  const whole = presets === undefined && options.variant === undefined;
  const beside = whole ? (study.variants ?? []) : [];
  const wanted = [
    experiments,
    ...beside.map(({ preset, variant }) => ({ ...experiments, presets: [preset], variant })),
  ]
    .flatMap((part) => expand(part, context.library))
    .sort((a, b) => a.request.seed - b.request.seed);
  const resources = resourcesOf(options);
  const { writeDocs = false } = options;
  const documents = writeDocs === true ? 'docs' : writeDocs;
  if (documents !== false) await study.expectOwnPages?.(documents);
  let jobs: PlannedJob[] = [];
  let exit: ExitCode = ExitCode.ok;
  if (options.reportOnly !== true) {
    const chosen = await launcherFor(options, new Map(), context.loader);
    jobs = await planJobs(wanted, options.data, context);
    if (chosen.launcher.queues) {
      exit = await submit(directory, jobs, chosen, options, context);
      if (options.dryRun === true || options.wait !== true) return exit;
      exit = await follow(directory, options, context);
    } else {
      if (options.dryRun === true) return dryRun(jobs, resources, directory, options, context);
      exit = report(await start(directory, jobs, resources, options, context), context);
    }
  }
  const keys = new Set(wanted.map(({ request }) => jobKey(request)));
  const settings = settingsOf(await withFile(options, matrix, context), of === '' ? '' : name);
  const reported = await study.report({
    directory,
    // Jobs of a cluster may be done without anybody having written it down.
    records: [
      ...(await survey(directory, await readLedger(directory), undefined)).records.values(),
    ].filter(({ job }) => keys.has(jobKey(job.request))),
    command: [settings, ...inWords({ '--seeds': seeds, '--presets': presets })].join(' '),
    settings,
    profile,
    seeds: [...matrix.seeds].sort((a, b) => a - b),
    ...(documents === false ? {} : { documents }),
  });
  const missing = reported.missing.map((line) => `  ${line}`);
  context.terminal.result(
    [
      ...reported.tables.flatMap(({ head, rows }) => [table(head, rows), '']),
      ...(missing.length === 0 ? [] : ['Missing:', ...missing, '']),
      ...reported.written,
    ].join('\n'),
    jsonOf({ type: 'report', ...reported.json }),
  );
  return exit;
}

/** The options with what holds where they say nothing. @throws NcnError where they contradict each other */
function optionsOf({ seed, ...given }: ReproduceOptions, profile = 'quick') {
  if (seed !== undefined && given.seeds !== undefined) throw seedAndSeeds();
  if (given.reportOnly === true && given.dryRun === true) throw nothingToPlan();
  // A list, where one number would say how many.
  const seeds = given.seeds ?? (seed === undefined ? '3' : `${seed}..${seed}`);
  return { ...given, seeds, profile: given.profile ?? profile };
}

/** A study by the name of its folder. @throws NcnError with the nearest name */
async function findStudy(name: string): Promise<Study> {
  const folder = new ModuleFolder('studies');
  const names = [...folder.list().keys()].filter((module) => !module.includes('.'));
  const file = names.includes(name) ? folder.find(name) : undefined;
  const found = file === undefined ? undefined : await importDefault(file);
  if (!isStudy(found)) throw unknownStudy(name, names);
  return found;
}

/**
 * What all runs of the study have in common: the command but for seeds and presets. Where they are kept and how fast
 * does not matter.
 */
export function settingsOf(options: SweepOptions, study: string): string {
  const { profile, variant, set, plugin, without, ...rest } = options;
  const named = {
    '--profile': profile,
    '--variant': variant,
    '--updates': rest.updates,
    '--batch': rest.batch,
    '--dataset': rest.dataset?.startsWith('idx:') === true ? 'idx:DIR' : rest.dataset,
    '--engine': rest.engine,
    '--eval-every': rest.evalEvery,
    '--checkpoint-every': rest.checkpointEvery,
    '--set': set,
    '--plugin': plugin,
    '--without': without,
  };
  const flags = rest.scale === true ? ['--scale'] : [];
  return [
    study === '' ? 'ncn reproduce' : `ncn reproduce ${study}`,
    ...inWords(named),
    ...flags,
  ].join(' ');
}

type OptionValue = string | number | readonly string[] | undefined;

/** Options as a shell takes them; one of several values is repeated. */
const inWords = (options: Readonly<Record<string, OptionValue>>): string[] =>
  Object.entries(options).flatMap(([name, value]) =>
    [value ?? []].flat().map((one) => `${name} ${quoted(String(one))}`),
  );
