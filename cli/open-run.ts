import type { OpenExperiment } from '../core/open/experiment.js';
import { openRunIn } from '../core/open/open.js';
import { valuesOf, type CommandContext, type ExperimentOptions } from './context.js';

export interface OpenRunOptions extends ExperimentOptions {
  /** Allows a changed configuration. */
  readonly acceptChanges?: boolean;
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
  });
}
