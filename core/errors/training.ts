import { ExitCode, NcnError } from './error.js';

const resumeFirst = 'Resume the run until it saves one.';

export const nothingToDenoise = (run: string): NcnError =>
  new NcnError(`${run} has no checkpoint: there is no trained network yet.`, {
    code: 'NCN_DENOISE_EMPTY',
    exit: ExitCode.run,
    hint: resumeFirst,
  });

export const nothingToEvaluate = (run: string): NcnError =>
  new NcnError(`${run} has no checkpoint to evaluate.`, {
    code: 'NCN_EVALUATE_EMPTY',
    exit: ExitCode.run,
    hint: resumeFirst,
  });

export const noSuchUpdate = (update: number): NcnError =>
  new NcnError(`The run has no update ${update}.`, {
    code: 'NCN_REPLAY_RANGE',
    exit: ExitCode.usage,
  });

/**
 * Numbers of an update are not finite.
 * @param bad which, by name
 * @param replay how to see it again: the command, and the updates that it repeats
 */
export function trainingDiverged(
  update: number,
  bad: ReadonlyMap<string, number>,
  record: string,
  replay: { readonly command: string; readonly updates: number; readonly from: string },
): NcnError {
  const names = [...bad].map(([name, value]) => `${name} = ${String(value)}`).join(', ');
  const { command, updates, from } = replay;
  return new NcnError(`Training diverged at update ${update}: ${names}.`, {
    code: 'NCN_DIVERGED',
    exit: ExitCode.diverged,
    hint: `See ${record}. This repeats ${updates === 1 ? 'the update' : `${updates} updates`} from ${from}, the diverged one last: ${command}`,
  });
}

const change = (message: string, hint: string): NcnError =>
  new NcnError(message, { code: 'NCN_RESUME_PHASES', exit: ExitCode.usage, hint });

/** A resume asks for other phases than the run has gone through. */
export const phasesChanged = (before: readonly string[], now: readonly string[]): NcnError =>
  change(
    `The run has the phases ${before.join(', ')}; with these changes it would have ${now.join(', ')}.`,
    'A run goes on with its phases: start a new one, or leave the plugin of the phase as it was.',
  );

/** A phase that is over, or begun, cannot be made otherwise. */
export const phaseOver = (phase: string, done: number, asked: number): NcnError =>
  change(
    `Phase '${phase}' has done ${done} updates; ${asked} were asked for.`,
    'The updates of a phase that is over stay as they are; the last phase can be made longer: --updates N.',
  );

export const nothingToTrain = (update: number): NcnError =>
  change(
    `The run is finished (${update} updates): with these changes there is nothing to train.`,
    'To train on, raise the number of updates: --updates N.',
  );

export const replayOfOtherPlugins = (update: number, changed: number): NcnError =>
  new NcnError(
    `Update ${update} was trained with other plugins or files: they were changed after update ${changed}.`,
    {
      code: 'NCN_REPLAY_PLUGINS',
      exit: ExitCode.usage,
      hint: 'Only updates after the change can be replayed.',
    },
  );

/** @param misfits a line for each tensor: its name, its shape in the checkpoint and now */
export function stateMisfit(update: number, misfits: readonly string[]): NcnError {
  const shown = misfits.slice(0, 8).map((line) => `  ${line}`);
  const more = misfits.length - shown.length;
  if (more > 0) shown.push(`  and ${more} more`);
  return new NcnError(
    `The networks are not those that the checkpoint of update ${update} was trained with, by other options or by a plugin that was edited:\n${shown.join('\n')}`,
    {
      code: 'NCN_RUN_NETWORKS',
      exit: ExitCode.usage,
      hint: 'A network keeps its layers and their sizes through a run: undo that change, or begin a new run with it.',
    },
  );
}
