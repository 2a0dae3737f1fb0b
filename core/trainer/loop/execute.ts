import { setImmediate } from 'node:timers/promises';
import type { EngineSession } from '../../engine/types.js';
import { saveConfig } from '../../experiment/saved.js';
import type { RunInfo } from '../../hooks/payloads.js';
import { CheckpointStore } from '../../run/checkpoints.js';
import type { RunDirectory } from '../../run/directory.js';
import { EventLog } from '../../run/eventlog.js';
import { jsonOf } from '../../run/json.js';
import { MetricsLogToken } from '../../services/core-tokens.js';
import { ExitCode, messageOf, NcnError } from '../../errors/error.js';
import { enterRun } from './active.js';
import { batchesOf } from './batches-of.js';
import { Evaluator } from './evaluator.js';
import { restorePlugins, saveCheckpoint } from './checkpointing.js';
import { unchangedFrom, writeRecord, type Continuation } from './continuation.js';
import { makeInspector } from './inspector.js';
import { Interrupted, SignalWatch } from './interruption.js';
import { makeManifest } from './make-manifest.js';
import { startPosition } from './position.js';
import type { RunObserver } from './observer.js';
import { restoredState } from './restored.js';
import { declaredMetrics, rolesGiven } from '../build/declared.js';
import type { Host, Prepared } from '../build/prepare.js';
import type { Draws } from '../build/draws.js';
import { beginStep, writeInitialState } from '../build/state.js';
import { provideRunServices } from './run-services.js';
import { Story } from './story.js';
import { summarize } from './summary.js';
import { Trainer, type Outcome } from './trainer.js';

/** What a run's caller wants of it. */
export interface RunWishes {
  /** Aborted, it stops the run at the next safe point. */
  readonly signal?: Pick<AbortSignal, 'aborted'> | undefined;
  /** Whether signals of the operating system do; a second one then ends the process. */
  readonly handleSignals?: boolean | undefined;
  readonly observer?: RunObserver;
  /** The first state of a fresh run, where it is being made already. */
  readonly draws?: Draws | undefined;
}

export interface RunResult {
  readonly outcome: Outcome;
  readonly directory: RunDirectory;
  /** Updates done. */
  readonly update: number;
  readonly exit: ExitCode;
  /** Milliseconds in the taps of each plugin, in this process. */
  readonly pluginTime: ReadonlyMap<string, number>;
}

/** Starts a fresh run in its directory, which is locked while it runs. */
export async function startRun(
  prepared: Prepared,
  session: EngineSession,
  directory: RunDirectory,
  host: Host,
  wishes: RunWishes = {},
): Promise<RunResult> {
  beginStep(prepared, session, startPosition.phase);
  const manifest = await makeManifest(prepared, session.engine, new Date());
  await directory.writeJson('config.json', saveConfig(prepared.experiment, directory.path));
  await directory.writeJson('manifest.json', jsonOf(manifest));
  await writeInitialState(prepared, session, wishes.draws);
  return execute(prepared, session, directory, host, wishes);
}

/** Continues a run. */
export async function continueRun(
  prepared: Prepared,
  session: EngineSession,
  directory: RunDirectory,
  host: Host,
  onward: Continuation,
  wishes: RunWishes = {},
): Promise<RunResult> {
  const { position, record } = onward;
  // Before anything is written: a change that does not fit what was trained leaves the run as it is.
  const restored = restoredState(prepared, onward);
  beginStep(prepared, session, position.phase);
  if (record !== undefined) await writeRecord(prepared, session, directory, onward.fresh, record);
  if (restored === undefined) {
    await writeInitialState(prepared, session);
    return execute(prepared, session, directory, host, wishes, onward);
  }
  if (restored.begun !== '') host.log.logger.info(`begins here: ${restored.begun}`);
  await session.write(restored.tensors);
  await new CheckpointStore(directory.checkpoints).discardAfter(position.update);
  return execute(prepared, session, directory, host, wishes, onward);
}

/** Opens what a run needs in its directory, runs it, and closes everything again. */
async function execute(
  prepared: Prepared,
  session: EngineSession,
  directory: RunDirectory,
  host: Host,
  { signal, handleSignals = false, observer = {} }: RunWishes,
  onward: Continuation = unchangedFrom(undefined),
): Promise<RunResult> {
  const signals = new SignalWatch((name) =>
    host.log.logger.warn(`${name}: saving at the next safe point; once more to quit at once`),
  );
  if (handleSignals) signals.start();
  const safePoint = async (): Promise<void> => {
    // Signals arrive only when the event loop turns.
    await setImmediate();
    signals.check();
    if (signal?.aborted === true) throw new Interrupted('abort');
  };
  const closing: (() => Promise<unknown>)[] = [];
  try {
    const metricsLog = await EventLog.open(directory.metrics, onward.rebuilt);
    closing.push(() => metricsLog.close().catch(() => undefined));
    closing.push(host.log.toFile(directory.log));
    const parts = { prepared, session, directory, metricsLog, safePoint, observer };
    return await train(parts, host, onward);
  } finally {
    signals.stop();
    for (const close of closing) await close();
  }
}

interface RunParts {
  readonly prepared: Prepared;
  readonly session: EngineSession;
  readonly directory: RunDirectory;
  readonly metricsLog: EventLog;
  readonly safePoint: () => Promise<void>;
  readonly observer: RunObserver;
}

async function train(
  { prepared, session, directory, metricsLog, safePoint, observer }: RunParts,
  host: Host,
  { position, checkpoint, fresh }: Continuation,
): Promise<RunResult> {
  const pluginStates = checkpoint?.plugins;
  const { lifecycle, services, built, experiment, dataset, random } = prepared;
  const started = performance.now();
  provideRunServices(prepared, session, directory);
  services.provide(MetricsLogToken, metricsLog);
  const run: RunInfo = {
    preset: experiment.preset.name,
    summary: experiment.preset.summary,
    seed: experiment.core.seed,
    directory: directory.path,
    phases: built.blueprint.phases,
    totalUpdates: built.blueprint.phases.reduce((sum, { updates }) => sum + updates, 0),
    batchSize: experiment.core.batch,
    main: built.blueprint.main,
    inputs: rolesGiven(built.blueprint),
    metrics: declaredMetrics(built),
    resumed: pluginStates !== undefined,
    startedAt: position.update,
    changes: fresh,
  };
  let keepLast = 3;
  const batches = (size: number) => batchesOf(prepared, size);
  const story = new Story(host.log.story);
  const observing = story.observing(observer);
  story.begins(prepared, session.engine, run);
  const trainer = new Trainer(
    {
      run,
      lifecycle,
      session,
      steps: built.steps,
      evaluations: built.evaluations,
      batches: batches(experiment.core.batch),
      evaluator: new Evaluator(dataset, session, built, random, safePoint),
      inspect: makeInspector(built, session, batches, experiment.core.batch),
      safePoint,
      keepCheckpoints: (count) => (keepLast = count),
      save: async (at) => {
        const saved = await saveCheckpoint(prepared, session, directory, metricsLog, at, keepLast);
        await observing.checkpoint?.({ type: 'checkpoint', update: at.update, ...saved });
      },
      observer: observing,
      onPhase: (what, phase, at) => story.phase(what, phase, at),
    },
    position,
  );
  await directory.writeStatus({ state: 'running', time: now(), update: position.update });
  const leave = enterRun({ status: directory.status, update: () => trainer.position.update });
  try {
    if (pluginStates !== undefined) await restorePlugins(prepared, position.update, pluginStates);
    const outcome = await trainer.train();
    await metricsLog.flush();
    const seconds = (performance.now() - started) / 1000;
    const exit = exitOf(outcome);
    story.ends(outcome, trainer.position.update, seconds, exit);
    if (outcome.kind === 'finished')
      await summarize(prepared, session, directory, outcome, seconds);
    const state = outcome.kind === 'finished' ? 'finished' : 'interrupted';
    const { update } = trainer.position;
    await directory.writeStatus({ state, time: now(), update, exitCode: exit });
    return { outcome, directory, update, exit, pluginTime: lifecycle.settings.account };
  } catch (error) {
    const exitCode = error instanceof NcnError ? error.exit : ExitCode.internal;
    story.fails(error, trainer.position.update);
    const { update } = trainer.position;
    const status = {
      state: 'failed',
      time: now(),
      update,
      exitCode,
      message: messageOf(error),
    } as const;
    await directory.writeStatus(status).catch(() => undefined);
    throw error;
  } finally {
    leave();
  }
}

const now = (): string => new Date().toISOString();

function exitOf(outcome: Outcome): ExitCode {
  if (outcome.kind === 'finished') return ExitCode.ok;
  const { signal } = outcome;
  return signal === 'SIGINT' || signal === 'abort' ? ExitCode.interrupted : ExitCode.terminated;
}
