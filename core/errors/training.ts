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
