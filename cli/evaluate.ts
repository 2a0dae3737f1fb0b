import { ExitCode } from '../core/errors/error.js';
import { writeTestExamples } from '../core/evaluation/test-examples.js';
import { replaceOutput } from '../core/run/output.js';
import { openContext } from './context.js';
import { asDeclared, methodTable, showResult, type MethodTable } from './methods.js';
import { openRun, type OpenRunOptions } from './open-run.js';
import { table } from './table.js';

export interface EvaluateOptions extends OpenRunOptions {
  /** Where to write the values of each test example. */
  readonly perExample?: string;
}

/** `ncn evaluate RUN`: runs the run's evaluations on its newest checkpoint. */
export async function evaluateCommand(options: EvaluateOptions, name: string): Promise<ExitCode> {
  const context = await openContext(options);
  const run = await openRun(name, options, context);
  try {
    const { about, results } = await run.evaluate();
    const json: Record<string, Record<string, number>> = {};
    const rows: string[][] = [];
    const { metrics: declared } = await run.manifest();
    let methods: MethodTable | undefined;
    for (const [evaluation, { metrics, perExample }] of results) {
      if (perExample !== undefined && options.perExample !== undefined) {
        await writeTestExamples(options.perExample, perExample, about, replaceOutput);
      }
      json[evaluation] = Object.fromEntries(metrics);
      if (perExample !== undefined) methods ??= methodTable({ ...perExample, about }, declared);
      for (const [metric, value] of asDeclared(metrics, declared)) {
        rows.push([evaluation, metric, showResult(metric, value, declared)]);
      }
    }
    const { directory = '' } = run;
    context.terminal.result(
      [
        `${directory}, update ${about.update}`,
        table(['evaluation', 'metric', ''], rows),
        ...(methods === undefined ? [] : [methods.text]),
      ].join('\n'),
      { directory, update: about.update, results: json },
    );
    return ExitCode.ok;
  } finally {
    await run.close();
  }
}
