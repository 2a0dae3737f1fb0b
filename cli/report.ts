import { basename, join, resolve } from 'node:path';
import { ExitCode } from '../core/errors/error.js';
import { nothingToCompare, notAPage, noRunsGiven, runTwice } from '../lab/errors/report.js';
import { readIfThere } from '../lab/files.js';
import { comparisonModel } from '../lab/report/comparison.js';
import type { ComparisonModel, PageModel } from '../lab/report/model.js';
import { pageMark, renderPage } from '../lab/report/page.js';
import { RunData } from '../lab/report/run-data.js';
import { runModel } from '../lab/report/run-model.js';
import { inPage } from '../lab/report/samples.js';
import { RunSource } from '../lab/report/source.js';
import { isRegularFile, writeOutput } from '../core/run/output.js';
import { RunDirectory } from '../core/run/directory.js';
import { jsonOf } from '../core/run/json.js';
import { Terminal } from '../core/services/terminal.js';
import { comparisonText } from './comparison-text.js';
import { modeOf, type GlobalOptions } from './context.js';

export interface ReportOptions extends GlobalOptions {
  readonly output?: string;
}

/** `ncn report RUN…`: one page, of a run or of several. */
export async function reportCommand(
  options: ReportOptions,
  names: readonly string[],
): Promise<ExitCode> {
  if (names.length === 0) throw noRunsGiven('report');
  const runs = await openRuns(names);
  const [only] = runs;
  const model =
    runs.length === 1 && only !== undefined
      ? await runModel(only, inPage, Date.now())
      : await comparisonModel(runs, inPage, Date.now());
  const fallback =
    runs.length === 1 && only !== undefined
      ? join(only.source.path, 'report.html')
      : 'comparison.html';
  const output = await writePage(model, options.output ?? fallback);
  new Terminal(modeOf(options)).result(output, { output });
  return ExitCode.ok;
}

/** `ncn compare RUN…`: the comparison on the console, and with `--output` as a page. */
export async function compareCommand(
  options: ReportOptions,
  names: readonly string[],
): Promise<ExitCode> {
  if (names.length < 2) throw nothingToCompare(names.length);
  const model = await comparisonModel(await openRuns(names), inPage, Date.now());
  const output = options.output === undefined ? null : await writePage(model, options.output);
  const terminal = new Terminal(modeOf(options));
  const page = output === null ? '' : `\n\npage: ${output}`;
  terminal.result(comparisonText(model) + page, jsonOf({ ...numbersOf(model), output }));
  if (output === null) terminal.line('\n  --output comparison.html makes a page of it');
  return ExitCode.ok;
}

/** The comparison without what is only drawn. */
function numbersOf(model: ComparisonModel) {
  const { groups, runs, differences, metrics, paired, pairedNotes, problems } = model;
  const plain = runs.map(({ id, preset, seed, group, state, update }) => ({
    id,
    preset,
    seed,
    group,
    state,
    update,
  }));
  return { groups, runs: plain, differences, metrics, paired, pairedNotes, problems };
}

async function openRuns(names: readonly string[]): Promise<RunData[]> {
  const runs: RunData[] = [];
  for (const name of names) {
    const { path } = await RunDirectory.open(name);
    if (runs.some(({ source }) => source.path === path)) throw runTwice(path);
    runs.push(await RunData.open(new RunSource(path, basename(path))));
  }
  return runs;
}

/** Writes the page where nothing but a page of ours is. @returns its absolute path */
async function writePage(model: PageModel, output: string): Promise<string> {
  const path = resolve(output);
  // What is no file holds nothing that could be lost, and may not be readable without an end.
  const before = (await isRegularFile(path)) ? await readIfThere(path) : undefined;
  if (before?.subarray(0, 4096).includes(pageMark) === false) throw notAPage(path);
  await writeOutput(path, await renderPage(model));
  return path;
}
