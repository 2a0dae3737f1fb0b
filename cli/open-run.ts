import type { OpenExperiment } from '../core/open/experiment.js';
import { openRunIn } from '../core/open/open.js';
import { permitCode } from './trust.js';
import { valuesOf, type CommandContext, type ExperimentOptions } from './context.js';

export interface OpenRunOptions extends ExperimentOptions {
  /** Allows a changed configuration. */
  readonly acceptChanges?: boolean;
  /** Allows plugins that the run names and the user did not. */
  readonly trustPlugins?: boolean;
}

/** Opens the run that a command line names, with the changes that it asks for. @throws NcnError */
export function openRun(
  name: string,
  options: OpenRunOptions,
  context: CommandContext,
): Promise<OpenExperiment> {
  return openRunIn(context, name, {
    set: valuesOf(options),
    plugins: options.plugin ?? [],
    without: options.without ?? [],
    acceptChanges: options.acceptChanges === true,
    permit: (code) =>
      permitCode(
        code,
        (options.plugin ?? []).flatMap((spec) => context.loader.fileOf(spec) ?? []),
        options.trustPlugins === true,
        process.stdin.isTTY && context.terminal.interactive,
      ),
  });
}
