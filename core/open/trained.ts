import type { EngineSession } from '../engine/types.js';
import type { EvaluationResult } from '../hooks/payloads.js';
import type { Checkpoint } from '../run/checkpoints.js';
import type { RunDirectory } from '../run/directory.js';
import { checkNetworks } from '../trainer/build/misfits.js';
import type { Prepared } from '../trainer/build/prepare.js';
import { restorePlugins } from '../trainer/loop/checkpointing.js';
import { Evaluator } from '../trainer/loop/evaluator.js';
import { provideRunServices } from '../trainer/loop/run-services.js';

/** A run's newest checkpoint, loaded. */
export interface Trained {
  readonly directory: RunDirectory;
  readonly prepared: Prepared;
  readonly checkpoint: Checkpoint;
  /** Holds the checkpoint's state. */
  readonly session: EngineSession;
  readonly evaluator: Evaluator;
}

/**
 * Puts a checkpoint's state into a session, with what plugins ask for of a run.
 * @throws NcnError (`NCN_RUN_NETWORKS`) where a network is not the one that was trained
 */
export async function loadTrained(
  directory: RunDirectory,
  checkpoint: Checkpoint,
  prepared: Prepared,
  session: EngineSession,
): Promise<Trained> {
  checkNetworks(prepared.built, checkpoint.tensors, checkpoint.update);
  await session.write(checkpoint.tensors);
  provideRunServices(prepared, session, directory);
  const { dataset, built, random } = prepared;
  const evaluator = new Evaluator(dataset, session, built, random, () => Promise.resolve());
  return { directory, prepared, checkpoint, session, evaluator };
}

/** Runs every evaluation as the run did at this checkpoint: plugins remember what they did then. */
export async function evaluateTrained({
  prepared,
  checkpoint,
  evaluator,
}: Trained): Promise<Map<string, EvaluationResult>> {
  await restorePlugins(prepared, checkpoint.update, checkpoint.plugins);
  const results = new Map<string, EvaluationResult>();
  for (const [name, { run }] of prepared.built.evaluations) results.set(name, await run(evaluator));
  return results;
}
